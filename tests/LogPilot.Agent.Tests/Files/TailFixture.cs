using LogPilot.Agent.Declarations;
using LogPilot.Agent.Files;
using LogPilot.Agent.Tests.Support;

namespace LogPilot.Agent.Tests.Files;

/// <summary>A tailer over a scratch directory that stands for the host's root.</summary>
internal sealed class TailFixture : IDisposable
{
    private Tailer? _tailer;

    public ScratchDirectory Host { get; } = new();

    public ManualTime Time { get; } = new();

    public RecordingLogger Log { get; } = new();

    public RecordingReaders Readers { get; } = new();

    public TailOptions Options { get; set; } = new() { ChunkBytes = 1024 };

    public int LineBytesMax { get; set; } = 4096;

    public Tailer Tailer => _tailer ??= new Tailer(Options with { HostRoot = Host.Root }, LineBytesMax, Readers, Time, Log);

    public static FileSource Source(string pattern, string root = "/logs", string name = "web") => new()
    {
        Declaration = new LogDeclaration { Name = name, Index = name, Topic = name },
        Layout = FileLayout.Raw,
        Pattern = new FilePattern(root, pattern),
    };

    public FileSource Add(string pattern, string root = "/logs", string name = "web")
    {
        Host.CreateDirectory("logs");
        var source = Source(pattern, root, name);
        Tailer.Add(source);
        return source;
    }

    /// <summary>Looks and reads until nothing is left; what was seen since the last call.</summary>
    public List<string> Turn()
    {
        Tailer.Watch();
        while (Tailer.ReadRound())
        {
        }

        Tailer.Watch();
        List<string> seen = [.. Readers.Seen];
        Readers.Seen.Clear();
        return seen;
    }

    public List<string> TurnAfter(TimeSpan time)
    {
        Time.Advance(time);
        return Turn();
    }

    public void Dispose()
    {
        _tailer?.Dispose();
        Host.Dispose();
    }
}
