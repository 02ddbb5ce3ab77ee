using System.Globalization;

namespace LogPilot.Agent.Tests.Rotations;

/// <summary>The standard output of a container, as Docker's json-file driver writes and rotates it.</summary>
internal sealed class ContainerLog(LogDirectory files, WorldOptions world) : WrittenLog(files, world)
{
    private const int FragmentsMax = 5;

    private readonly ExpectedLine?[] _lines = [null, null];

    protected override bool HasOpenLine => _lines is not [null, null];

    // The parts of a record come one directly behind the other.
    protected override bool IsStrained => HasOpenLine;

    public override void Apply(LogAction action)
    {
        switch (action)
        {
            case Write write when !IsEnded:
                for (var line = 0; line < write.Lines; line++)
                {
                    for (var part = 1; part < write.Parts; part++)
                    {
                        Append(write.Bytes, write.Stream, endsLine: false);
                    }

                    Append(write.Bytes, write.Stream, endsLine: true);
                }

                break;
            case WriteHalf half when !IsEnded:
                var isLong = _lines[half.Stream] is { Fragments.Count: >= FragmentsMax };
                Append(half.Bytes, half.Stream, endsLine: isLong);
                break;
            case Rotate when !IsEnded:
                RotateLive();
                break;
            case Write or WriteHalf or Rotate or Reopen or Cut or Delete:
                break;
            default:
                base.Apply(action);
                break;
        }
    }

    public override void Relax()
    {
        for (var stream = 0; stream < _lines.Length; stream++)
        {
            if (_lines[stream] is not null && !IsEnded)
            {
                Append(1, stream, endsLine: true);
            }
        }
    }

    public override void Remove()
    {
        End();
        foreach (var name in Files.Names.ToList())
        {
            Files.Delete(name);
        }
    }

    protected override void CloseLines()
    {
        for (var stream = 0; stream < _lines.Length; stream++)
        {
            if (_lines[stream] is { } line)
            {
                line.IsComplete = true;
                _lines[stream] = null;
            }
        }
    }

    private void Append(int bytes, int stream, bool endsLine)
    {
        var live = Files.Find(World.LogName) ?? Files.Make(World.LogName);
        var line = _lines[stream] ??= Files.Model.Begin();
        var fragment = line.Add(NextText(bytes));
        var log = fragment.Text + (endsLine ? "\\n" : "");
        var name = stream == 0 ? "stdout" : "stderr";
        var time = Files.Time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fffffff01Z", CultureInfo.InvariantCulture);
        var entry = $$"""{"log":"{{log}}","stream":"{{name}}","time":"{{time}}"}""";
        Files.Write(live, RandomAccess.GetLength(live.Handle), fragment, entry + "\n");
        if (endsLine)
        {
            line.IsComplete = true;
            _lines[stream] = null;
        }
    }

    private void RotateLive()
    {
        if (Files.Find(World.LogName) is null)
        {
            return;
        }

        if (!World.Has(Features.CutRecords))
        {
            Relax();
        }

        // With max-file=1 there is nothing to rotate to.
        if (World.RotatedMax == 0)
        {
            CutLive();
            return;
        }

        var name = Chain.MakeRoom()!;
        Files.Rename(World.LogName, name);
        Files.Make(World.LogName);
        Chain.Rotated(name);
    }
}
