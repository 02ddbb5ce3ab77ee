using System.Buffers.Binary;
using System.Diagnostics;
using LogPilot.Agent.Tests.Support;
using LogPilot.Agent.Tracking;

namespace LogPilot.Agent.Tests.Tracking;

/// <summary>State that an agent cannot use or must not trust: each case is named, and nothing is written.</summary>
[Collection(RunsAlone.Name)]
public sealed class CheckpointDirectoryTests : IDisposable
{
    private const int VersionOffset = 8;

    private static readonly DateTimeOffset Now = new(2024, 2, 29, 12, 0, 0, TimeSpan.Zero);

    private readonly ScratchDirectory _scratch = new();
    private bool _isMounted;

    public void Dispose()
    {
        if (_isMounted)
        {
            RunAsRoot("umount", "--lazy", _scratch.PathOf("state"));
        }

        _scratch.Dispose();
    }

    private string FilePath => _scratch.PathOf("state", CheckpointFile.FileName);

    [Theory]
    [InlineData(77u)]
    [InlineData(uint.MaxValue)]
    [InlineData(0u)]
    public void Open_VersionOfAnotherTime_NamesItAndTheWayOutAndLeavesTheFile(uint version)
    {
        Write(file => file.Take(1, Now, out _));
        var bytes = File.ReadAllBytes(FilePath);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(VersionOffset), version);
        File.WriteAllBytes(FilePath, bytes);

        var failure = Assert.Throws<CheckpointException>(() => Open());

        Assert.Contains(FilePath, failure.Message);
        Assert.Contains($"version {version}", failure.Message);
        Assert.Contains("run the agent that wrote it", failure.Message);
        Assert.Equal(bytes, File.ReadAllBytes(FilePath));
    }

    [Fact]
    public void Open_NoSpace_NamesTheDirectoryAndTheFix()
    {
        Mount("size=8k");

        var failure = Assert.Throws<CheckpointException>(() => Open());

        Assert.Contains(_scratch.PathOf("state"), failure.Message);
        Assert.Contains("free space", failure.Message);
    }

    [Fact]
    public void Take_DiskBecomesFull_ThrowsAndGoesOnWithWhatThereIs()
    {
        Mount("size=128k");
        using var file = Open();
        var slots = new List<int>();
        Assert.ThrowsAny<IOException>(() =>
        {
            while (slots.Count < 1000)
            {
                slots.Add(file.Take((UInt128)slots.Count + 1, Now, out _));
            }
        });
        Assert.Equal(slots.Count, file.Count);

        file.Free(slots[0], 1);

        Assert.Equal(slots[0], file.Take(5000, Now, out _));
        Assert.ThrowsAny<IOException>(() => file.Take(5001, Now, out _));
    }

    [Fact]
    public void Open_ReadOnlyFileSystem_NamesTheDirectoryAndTheFix()
    {
        Mount("ro");

        var failure = Assert.Throws<CheckpointException>(() => Open());

        Assert.Contains(_scratch.PathOf("state"), failure.Message);
        Assert.Contains("make it writable", failure.Message);
    }

    // Root writes everywhere but here.
    [Fact]
    public void Open_ReadOnlyFileOfAnEarlierAgent_NamesTheDirectoryAndTheFix()
    {
        Mount("size=1m");
        Write(file => file.Take(1, Now, out _));
        RunAsRoot("mount", "-o", "remount,ro", _scratch.PathOf("state"));

        var failure = Assert.Throws<CheckpointException>(() => Open());

        Assert.Contains("make it writable", failure.Message);
        Assert.Equal((UInt128)1, Assert.Single(CheckpointFile.ReadAll(_scratch.PathOf("state")).Entries).Checkpoint.Key);
    }

    // One wrong bit in each copy: the disk, not a torn write, which leaves one of them whole.
    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    [InlineData(127)]
    public void Open_ChecksumOfBothCopiesIsWrong_CountsTheSlotAndForgetsIt(int offset)
    {
        Write(file =>
        {
            var slot = file.Take(1, Now, out var checkpoint);
            file.Write(slot, checkpoint with { Acked = 10 });
            file.SlotBytes(slot)[offset] ^= 0x10;
            file.SlotBytes(slot)[128 + offset] ^= 0x10;
            file.Take(2, Now, out _);
        });

        using var again = Open();

        Assert.Equal((1, 1), (again.DamagedSlots, again.Count));
        again.Take(1, Now, out var forgotten);
        Assert.Equal(0, forgotten.Acked);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(128)]
    public void Open_ChecksumOfOneCopyIsWrong_TheOtherCounts(int copyOffset)
    {
        Write(file =>
        {
            var slot = file.Take(1, Now, out var checkpoint);
            file.Write(slot, checkpoint with { Acked = 10 });
            file.Write(slot, checkpoint with { Acked = 20 });
            file.SlotBytes(slot)[copyOffset] ^= 0x10;
        });

        using var again = Open();

        again.Take(1, Now, out var checkpoint);
        Assert.Equal(0, again.DamagedSlots);
        Assert.Contains(checkpoint.Acked, new long[] { 10, 20 });
    }

    private void Write(Action<CheckpointFile> write)
    {
        using var file = Open();
        write(file);
    }

    private CheckpointFile Open() => CheckpointFile.Open(_scratch.PathOf("state"), Now);

    private void Mount(string options)
    {
        _isMounted = RunAsRoot("mount", "-t", "tmpfs", "-o", options, "tmpfs", _scratch.CreateDirectory("state"));
        Assert.SkipUnless(_isMounted, "A tmpfs can be mounted by root only.");
    }

    private static bool RunAsRoot(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
