namespace LogPilot.Agent.Tests.Rotations;

/// <summary>The standard output of a container, as its runtime writes it: in parts, and each stream for itself.</summary>
internal abstract class ContainerLog(LogDirectory files, WorldOptions world) : WrittenLog(files, world)
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
            case Rotate rotate when !IsEnded && Files.Find(World.LogName) is not null:
                if (!World.Has(Features.CutRecords))
                {
                    Relax();
                }

                RotateLive(rotate);
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

    protected abstract void RotateLive(Rotate action);

    /// <summary>What stands in a file for a piece of a line.</summary>
    /// <param name="text">Without its end of line.</param>
    /// <param name="endsLine">It is a whole line, or the last part of one.</param>
    protected abstract string Encode(DateTimeOffset time, string stream, string text, bool endsLine);

    /// <summary>Where the runtime writes now.</summary>
    protected virtual LogFile Open() => Files.Find(World.LogName) ?? Files.Make(World.LogName);

    protected bool IsOpen(int stream) => _lines[stream] is not null;

    protected void Append(int bytes, int stream, bool endsLine) => Append(Open(), bytes, stream, endsLine);

    protected void Append(LogFile file, int bytes, int stream, bool endsLine)
    {
        var line = _lines[stream] ??= Files.Model.Begin();
        var fragment = line.Add(NextText(bytes));
        var entry = Encode(Files.Time.GetUtcNow(), stream == 0 ? "stdout" : "stderr", fragment.Text, endsLine);
        Files.Write(file, RandomAccess.GetLength(file.Handle), fragment, entry + "\n");
        if (endsLine)
        {
            line.IsComplete = true;
            _lines[stream] = null;
        }
    }
}
