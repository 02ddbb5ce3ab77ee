using System.Text;
using LogPilot.Linux.Tests.Support;
using Microsoft.Win32.SafeHandles;

namespace LogPilot.Linux.Tests;

/// <summary>Events are there as soon as the call that causes them has returned, so nothing here waits.</summary>
public sealed class InotifyTests : IDisposable
{
    private const InotifyEvents Everything = InotifyEvents.Create | InotifyEvents.Delete | InotifyEvents.Modify
        | InotifyEvents.MovedFrom | InotifyEvents.MovedTo | InotifyEvents.DeleteSelf | InotifyEvents.MoveSelf;

    private readonly ScratchDirectory _scratch = new();
    private readonly Inotify _inotify = new();
    private readonly RecordingHandler _events = new();
    private readonly int _watch;

    public InotifyTests()
    {
        _scratch.CreateDirectory("watched");
        _watch = Add("watched");
    }

    public void Dispose()
    {
        _inotify.Dispose();
        _scratch.Dispose();
    }

    [Fact]
    public void Drain_NothingHappened_ReturnsAtOnce()
    {
        _inotify.Drain(_events);

        Assert.Empty(_events.All);
    }

    [Fact]
    public void Drain_FileMadeAndWritten_TellsBothInOrder()
    {
        _scratch.WriteFile("watched/a.log", "text");

        _inotify.Drain(_events);

        Assert.Equal([(_watch, InotifyEvents.Create, "a.log"), (_watch, InotifyEvents.Modify, "a.log")], _events.All);
    }

    [Fact]
    public void Drain_DirectoryMade_SaysThatItIsOne()
    {
        _scratch.CreateDirectory("watched", "below");

        _inotify.Drain(_events);

        Assert.Equal([(_watch, InotifyEvents.Create | InotifyEvents.IsDirectory, "below")], _events.All);
    }

    [Fact]
    public void Drain_Renamed_TellsBothNames()
    {
        _scratch.WriteFile("watched/a.log", "");
        _inotify.Drain(new RecordingHandler());

        File.Move(_scratch.PathOf("watched", "a.log"), _scratch.PathOf("watched", "a.log.1"));
        _inotify.Drain(_events);

        Assert.Equal([(_watch, InotifyEvents.MovedFrom, "a.log"), (_watch, InotifyEvents.MovedTo, "a.log.1")], _events.All);
    }

    [Fact]
    public void Drain_DirectoryDeleted_TellsThatTheWatchIsGone()
    {
        Directory.Delete(_scratch.PathOf("watched"));

        _inotify.Drain(_events);

        Assert.Equal([(_watch, InotifyEvents.DeleteSelf, ""), (_watch, InotifyEvents.Ignored, "")], _events.All);
    }

    // Names are padded to a multiple of the event's alignment, and one that needs no padding has a NUL all the same.
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(255)]
    public void Drain_NameOfAnyLength_ComesWithoutItsPadding(int length)
    {
        var name = new string('n', length);
        _scratch.WriteFile($"watched/{name}", "");
        File.Delete(_scratch.PathOf("watched", name));

        _inotify.Drain(_events);

        Assert.Equal(
            [(_watch, InotifyEvents.Create, name), (_watch, InotifyEvents.Delete, name)],
            _events.All.Where(one => one.Events != InotifyEvents.Modify));
    }

    [Fact]
    public void Drain_MoreThanOneBufferHolds_TellsEverything()
    {
        const int Files = 500;
        for (var i = 0; i < Files; i++)
        {
            _scratch.WriteFile($"watched/{new string('x', 200)}{i}", "");
        }

        _inotify.Drain(_events);

        Assert.Equal(Files, _events.All.Count(one => one.Events == InotifyEvents.Create));
        Assert.EndsWith("x499", _events.All[^1].Name);
    }

    [Fact]
    public void TryAdd_SameDirectoryAgain_GivesTheSameWatch()
    {
        _scratch.LinkTo("other", "watched");

        Assert.Equal(_watch, Add("watched"));
        Assert.Equal(_watch, Add("other"));
        Assert.NotEqual(_watch, Add("."));
    }

    [Fact]
    public void TryAdd_RenamedWhileOpen_WatchesTheOneThatWasOpened()
    {
        using var directory = Open("watched");
        Directory.Move(_scratch.PathOf("watched"), _scratch.PathOf("moved"));
        _scratch.CreateDirectory("watched");

        Assert.Equal(_watch, _inotify.TryAdd(directory, Everything, out _));
    }

    [Fact]
    public void TryAdd_NotOpen_GivesTheReason()
    {
        // Inotify takes nothing that is no descriptor of the process.
        using var nothing = new SafeFileHandle(-1, ownsHandle: false);

        Assert.Equal(-1, _inotify.TryAdd(nothing, Everything, out var errno));
        Assert.Equal(Errno.ENOENT, errno);
    }

    [Fact]
    public void Remove_Watched_TellsNothingMore()
    {
        _inotify.Remove(_watch);
        _inotify.Remove(_watch);
        _scratch.WriteFile("watched/a.log", "");

        _inotify.Drain(_events);

        Assert.Equal([(_watch, InotifyEvents.Ignored, "")], _events.All);
    }

    private int Add(string name)
    {
        using var directory = Open(name);
        var watch = _inotify.TryAdd(directory, Everything, out var errno);
        Assert.Equal(Errno.None, errno);
        return watch;
    }

    private SafeFileHandle Open(string name)
    {
        using var root = LinuxFile.OpenRoot(_scratch.Root);
        return LinuxFile.TryOpenInRoot(root, name, OpenKind.Directory, out _)!;
    }

    private sealed class RecordingHandler : IInotifyHandler
    {
        public List<(int Watch, InotifyEvents Events, string Name)> All { get; } = [];

        public void OnEvent(int watch, InotifyEvents events, ReadOnlySpan<byte> name) =>
            All.Add((watch, events, Encoding.UTF8.GetString(name)));
    }
}
