using System.Text;
using LogPilot.Load.Engines;
using LogPilot.Load.Logs;
using LogPilot.Load.Processes;
using LogPilot.Load.Rotations;
using LogPilot.Load.Stores;

namespace LogPilot.Load.Sources;

/// <summary>
/// Files in the volume of a container, rotated in every way, each twice: declared by its exact name, and by a pattern
/// that its old files match, too.
/// </summary>
internal sealed class VolumeSource : ISource
{
    private const int FileBytes = 50_000;
    private const char FirstLetter = 'a';
    private const string Destination = "/logs";

    private readonly FakeEngine _engine;
    private readonly List<ILog> _logs = [];

    public VolumeSource(ScratchDirectory scratch, IStore store, Random random)
    {
        var volume = scratch.CreateDirectory("volume");
        var env = new List<string>();
        foreach (var kind in RotationKind.All)
        {
            foreach (var declared in (string[])["app.log", "app.log*"])
            {
                var letter = (char)(FirstLetter + _logs.Count);
                var directory = Directory.CreateDirectory(Path.Combine(volume, $"{letter}")).FullName;
                env.Add($"aliyun_logs_{letter}={Destination}/{letter}/{declared}");
                var rotation = kind.For(Path.Combine(directory, "app.log"));
                _logs.Add(new RotatedLog(
                    letter, $"{kind.Name}: {declared}", rotation, Encode, FileBytes, store, random.Next()));
            }
        }

        var container = FakeContainer.Create(scratch.Root, 1) with
        {
            Env = env,
            Mounts = new Dictionary<string, string> { [Destination] = volume },
        };
        _engine = new FakeEngine(scratch.Root, [container]);
    }

    public IReadOnlyList<ILog> Logs => _logs;

    // A file is full about every second.
    public int BurstLinesMax => 8;

    public void Dispose()
    {
        _engine.Dispose();
        foreach (var log in _logs)
        {
            log.Dispose();
        }
    }

    private static byte[] Encode(string text) => Encoding.UTF8.GetBytes(text + "\n");
}
