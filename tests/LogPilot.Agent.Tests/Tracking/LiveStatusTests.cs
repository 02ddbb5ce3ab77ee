using LogPilot.Agent.Tests.Support;
using LogPilot.Agent.Tracking;

namespace LogPilot.Agent.Tests.Tracking;

/// <summary><c>status</c> and <c>healthz</c> read the file while the agent writes it.</summary>
public sealed class LiveStatusTests : IDisposable
{
    private const int Slots = 1;
    private const int Reads = 3000;

    private static readonly DateTimeOffset Now = new(2024, 2, 29, 12, 0, 0, TimeSpan.Zero);

    private readonly ScratchDirectory _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task ReadAll_BesideAWriter_SeesEveryCheckpointWhole()
    {
        using var file = CheckpointFile.Open(_scratch.Root, Now);
        var slots = Enumerable.Range(1, Slots).Select(key => file.Take((UInt128)key, Now, out _)).ToList();
        WriteAll(file, slots, 1);
        using var stop = new CancellationTokenSource();
        var writing = Task.Run(() =>
        {
            for (var value = 2; !stop.IsCancellationRequested; value++)
            {
                WriteAll(file, slots, value);
            }
        });

        try
        {
            for (var read = 0; read < Reads; read++)
            {
                var entries = CheckpointFile.ReadAll(_scratch.Root).Entries;
                Assert.True(entries.Count == Slots, $"Read {read} finds {entries.Count} checkpoints of {Slots}.");
                foreach (var (checkpoint, _) in entries)
                {
                    Assert.True(IsWhole(checkpoint), $"Read {read} finds {checkpoint}.");
                }
            }
        }
        finally
        {
            await stop.CancelAsync();
            await writing;
        }
    }

    private static void WriteAll(CheckpointFile file, List<int> slots, int value)
    {
        for (var i = 0; i < slots.Count; i++)
        {
            file.Write(slots[i], new Checkpoint
            {
                Key = (UInt128)(i + 1),
                Acked = value,
                ResumeFrom = value,
                DatedTo = value,
                Generation = (uint)value,
                Day = value,
                EarlierDay = value,
                DayStart = value,
                SeenAt = (uint)value,
            });
        }
    }

    private static bool IsWhole(Checkpoint checkpoint) =>
        checkpoint.Acked == checkpoint.ResumeFrom && checkpoint.Acked == checkpoint.DatedTo
        && checkpoint.Acked == checkpoint.DayStart && checkpoint.Acked == checkpoint.Day
        && checkpoint.Acked == checkpoint.EarlierDay && checkpoint.Acked == checkpoint.SeenAt
        && checkpoint.Acked == checkpoint.Generation;
}
