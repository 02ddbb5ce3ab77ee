using System.Text;
using LogPilot.Load.Engines;
using LogPilot.Load.Logs;
using LogPilot.Load.Processes;
using LogPilot.Load.Rotations;
using LogPilot.Load.Stores;

namespace LogPilot.Load.Sources;

/// <summary>
/// A container's json-file log and a log of the host, both written and rotated here, so that no engine is needed.
/// </summary>
internal sealed class FileSource : ISource
{
    private const int FileBytes = 300_000;

    private readonly FakeEngine _engine;

    public FileSource(ScratchDirectory scratch, IStore store, int burstLinesMax, Random random)
    {
        BurstLinesMax = burstLinesMax;
        var container = FakeContainer.Create(scratch.Root, 1) with { Env = ["aliyun_logs_d=stdout"] };
        _engine = new FakeEngine(scratch.Root, [container]);
        var path = Path.Combine(scratch.CreateDirectory("raw"), "app.log");
        Declarations = new Dictionary<string, string> { ["aliyun_logs_r"] = path + "*" };
        Logs =
        [
            Log('d', "json-file", container.LogPath, JsonFile.Encode),
            Log('r', "host, app.log*", path, text => Encoding.UTF8.GetBytes(text + "\n")),
        ];

        RotatedLog Log(char letter, string description, string log, Func<string, byte[]> encode) =>
            new(letter, description, new NumberRotation(log), encode, FileBytes, store, random.Next());
    }

    public IReadOnlyList<ILog> Logs { get; }

    public int BurstLinesMax { get; }

    public IReadOnlyDictionary<string, string> Declarations { get; }

    public void Dispose()
    {
        _engine.Dispose();
        foreach (var log in Logs)
        {
            log.Dispose();
        }
    }
}
