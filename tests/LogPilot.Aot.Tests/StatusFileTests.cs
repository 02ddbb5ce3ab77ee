using LogPilot.Agent.Tracking;
using LogPilot.Aot.Commands;
using LogPilot.Aot.Tests.Support;

namespace LogPilot.Aot.Tests;

/// <summary>The status is read while the agent writes it, from another process and without asking it.</summary>
public sealed class StatusFileTests : IDisposable
{
    private const int Reads = 20_000;

    private readonly ScratchDirectory _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task Read_BesideAWriter_IsOneStatusAndNotPartsOfTwo()
    {
        using var file = CheckpointFile.Open(_scratch.Root, DateTimeOffset.UtcNow);
        StatusOf(1).Write(file.Status);
        using var stop = new CancellationTokenSource();
        var writing = Task.Run(() =>
        {
            for (var value = 2; !stop.IsCancellationRequested; value++)
            {
                StatusOf(value).Write(file.Status);

                // The agent writes once a second; here it is as often as leaves the time of a copy between.
                Thread.SpinWait(5000);
            }
        });

        try
        {
            for (var read = 0; read < Reads; read++)
            {
                var status = StatusFile.Read(_scratch.Root).Status;
                Assert.True(status == StatusOf((int)status.BeatAt), $"Read {read} finds {status}.");
            }
        }
        finally
        {
            await stop.CancelAsync();
            await writing;
        }
    }

    // Every part tells which status it belongs to.
    private static AgentStatus StatusOf(int value) => new()
    {
        ProcessId = value,
        BeatAt = value,
        StartedAt = value,
        OldestUndeliveredAt = value,
        LagMax = TimeSpan.FromMilliseconds(value),
        Counts = new AgentCounts
        {
            LinesRead = value,
            BytesRead = value,
            CutBytes = value,
            LostBytes = value,
            Stored = value,
            Duplicates = value,
            Retried = value,
            Plain = value,
            DeadLetters = value,
            Requests = value,
            RequestBytes = value,
        },
        Sink = new StatusProblem($"sink {value}", value),
        Runtime = new StatusProblem($"runtime {value}", value),
    };
}
