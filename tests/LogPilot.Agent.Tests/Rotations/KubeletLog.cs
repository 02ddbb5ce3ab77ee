using System.Globalization;

namespace LogPilot.Agent.Tests.Rotations;

/// <summary>
/// As containerd writes it and kubelet rotates it: renamed, written for a while under its new name, and then opened anew, where
/// what was begun of a line is written to the old file when the new one is there already.
/// </summary>
internal sealed class KubeletLog(LogDirectory files, WorldOptions world) : ContainerLog(files, world)
{
    /// <summary>What the name of a file ends in that is being compressed.</summary>
    public const string Unfinished = ".tmp";

    private readonly List<string> _rotated = [];
    private LogFile? _renamed;

    // The next container of the pod writes a file of its own.
    public override void Apply(LogAction action)
    {
        if (action is not ResumeContainer)
        {
            base.Apply(action);
        }
    }

    protected override LogFile Open() => _renamed ?? base.Open();

    protected override void RotateLive(Rotate action)
    {
        var name = $"{World.LogName}.{Files.Time.GetUtcNow().ToString(World.DateFormat, CultureInfo.InvariantCulture)}";
        if (_rotated.Contains(name))
        {
            return;
        }

        MakeRoom(action);
        Files.Rename(World.LogName, name);
        _rotated.Add(name);
        _renamed = Files.Find(name);
        LookIf(action);
        for (var stream = 0; stream < 2 && !action.Reopens; stream++)
        {
            Append(8, stream, endsLine: false);
        }

        var old = Open();
        _renamed = null;
        Files.Make(World.LogName);
        for (var stream = 0; stream < 2; stream++)
        {
            LookIf(action);
            if (IsOpen(stream) && World.Has(Features.CutRecords))
            {
                Append(old, 4, stream, endsLine: false);
            }
        }

        if (!World.Has(Features.CutRecords))
        {
            Relax(old);
        }
    }

    protected override string Encode(DateTimeOffset time, string stream, string text, bool endsLine)
    {
        // RFC3339Nano of Go: without zeros at its end, and in the zone of the node.
        var at = time.ToOffset(TimeSpan.FromHours(2)).ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFzzz", CultureInfo.InvariantCulture);
        return $"{at} {stream} {(endsLine ? 'F' : 'P')} {text}";
    }

    // Before it rotates, kubelet deletes what is too much, and compresses the rest.
    private void MakeRoom(Rotate action)
    {
        while (_rotated.Count >= World.RotatedMax)
        {
            Files.Delete(Files.Find(_rotated[0]) is null ? _rotated[0] + ".gz" : _rotated[0]);
            _rotated.RemoveAt(0);
        }

        foreach (var name in _rotated.Where(name => World.Compression != CompressionKind.None && Files.Find(name) is not null))
        {
            var finish = Files.Compress(name, Unfinished);
            LookIf(action);
            finish();
            LookIf(action);
        }
    }

    private void LookIf(Rotate action)
    {
        if (action.Looks)
        {
            Look();
        }
    }

    private void Relax(LogFile file)
    {
        for (var stream = 0; stream < 2; stream++)
        {
            if (IsOpen(stream))
            {
                Append(file, 4, stream, endsLine: true);
            }
        }
    }
}
