using System.Globalization;

namespace LogPilot.Agent.Tests.Rotations;

/// <summary>A file that a program writes itself, and that logrotate rotates.</summary>
internal sealed class ProgramLog(LogDirectory files, WorldOptions world) : WrittenLog(files, world)
{
    // A shorter hole is not taken for one.
    private const int HoleBytesMin = 512;
    private const int FragmentsMax = 5;

    private LogFile? _file;
    private long _position;
    private ExpectedLine? _line;
    private int _targets;
    private int _relaxed;

    protected override bool HasOpenLine => _line is not null;

    protected override bool IsStrained => IsStraggling || IsLineCut;

    // The program writes to a file that is not its log any more.
    private bool IsStraggling => _file is not null && _file != Files.Find(World.LogName);

    // A file that a link led to still has a name that the wildcard matches, so a half line in it waits.
    private bool IsLinkedBeside => World.Rotation == RotationKind.SwitchLink && !World.IsExact;

    // The start of its line is not in the file any more.
    private bool IsLineCut =>
        _line is not null && _line.Fragments.Exists(fragment => !fragment.Places.Contains(_file!));

    public override void Apply(LogAction action)
    {
        switch (action)
        {
            case Write write when !IsEnded:
                for (var line = 0; line < write.Lines; line++)
                {
                    Append(write.Bytes, endsLine: true);
                }

                break;
            case WriteHalf half when !IsEnded && !World.HasEqualLines:
                Append(half.Bytes, endsLine: _line is { Fragments.Count: >= FragmentsMax } || IsLinkedBeside);
                break;
            case Rotate when IsEnded && World.Rotation == RotationKind.CopyTruncate:
                break;
            case Rotate rotate:
                BeforeRotation();
                RotateLive(rotate);
                break;
            case Reopen reopen:
                ReopenLive(reopen.FinishesLine);
                break;
            // Between a half line in a copy and what goes on behind a cut without a copy nobody can see that something is missing.
            case Cut when World.Has(Features.Cuts) && !World.HasEqualLines && World.Rotation != RotationKind.CopyTruncate:
                BeforeRotation();
                BeforeCut();
                CutLive();
                break;
            case Delete delete when Files.Find(World.LogName) is not null:
                BeforeRotation();
                Files.Delete(World.LogName);
                AfterRotation(delete.Reopens);
                break;
            case Write or WriteHalf or Cut or Delete:
                break;
            default:
                base.Apply(action);
                break;
        }
    }

    public override void Relax()
    {
        if (IsLineCut)
        {
            Append(1, endsLine: true);
        }

        ReopenLive(finishesLine: _relaxed++ % 2 == 0);
        if (!World.IsExact && Files.Find(World.LogName) is null)
        {
            // Without the log itself, nothing tells that a file beside it was rotated.
            MakeLog();
        }
    }

    public override void Remove() => End();

    protected override void CloseLines()
    {
        if (_line is not null)
        {
            _line.IsComplete = true;
            _line.IsGivenUp = true;
            _line = null;
        }

        _file = null;
    }

    private void Append(int bytes, bool endsLine)
    {
        if (_file is null)
        {
            _file = Files.Find(World.LogName) ?? MakeLog();
            _position = RandomAccess.GetLength(_file.Handle);
        }

        var time = Files.Time.GetUtcNow().ToString("HH:mm:ss ", CultureInfo.InvariantCulture);
        var text = World.HasEqualLines ? "ok" : (_line is null ? time : "") + NextText(bytes);
        _line ??= Files.Model.Begin();
        var fragment = _line.Add(text);
        var offset = World.Appends ? RandomAccess.GetLength(_file.Handle) : _position;
        _position = Files.Write(_file, offset, fragment, fragment.Text + (endsLine ? "\n" : ""));
        if (endsLine)
        {
            _line.IsComplete = true;
            _line = null;
        }
    }

    private LogFile MakeLog()
    {
        if (World.Rotation != RotationKind.SwitchLink)
        {
            return Files.Make(World.LogName);
        }

        // Beside the log where the pattern matches it, too, elsewhere where it does not.
        var target = World.IsExact ? $"data/{++_targets}" : $"app-{++_targets}.log";
        var file = Files.Make(target);
        Files.Link(World.LogName, target);
        return file;
    }

    private void BeforeRotation()
    {
        if (IsStraggling)
        {
            ReopenLive(finishesLine: true);
        }

        if (_line is not null && !World.HasHalfLines)
        {
            Append(1, endsLine: true);
        }
    }

    private void BeforeCut()
    {
        if (!World.Appends && _file is not null && _position < HoleBytesMin)
        {
            Append(HoleBytesMin, endsLine: true);
        }
    }

    private void RotateLive(Rotate rotate)
    {
        if (Files.Find(World.LogName) is not { } live)
        {
            return;
        }

        if (World.Rotation == RotationKind.SwitchLink)
        {
            MakeLog();
            AfterRotation(rotate.Reopens);
            return;
        }

        if (Chain.MakeRoom() is not { } name)
        {
            return;
        }

        if (World.Rotation == RotationKind.CopyTruncate)
        {
            BeforeCut();
            CopyLive(live, name, rotate);
        }
        else
        {
            Files.Rename(World.LogName, name);
            LookIf(rotate.Looks);
            AfterRotation(rotate.Reopens);
        }

        Chain.Rotated(name);
    }

    private void CopyLive(LogFile live, string name, Rotate rotate)
    {
        var isClose = rotate.Looks && World.Has(Features.CloseLooks);
        Files.Copy(live, name, halfWay: isClose && !rotate.Reopens ? Look : null);
        if (isClose && rotate.Reopens)
        {
            // The program need not open anything here. No scan has seen the copy, so the next one holds it against its original.
            LookBeside(CutLive);
            return;
        }

        LookIf(rotate.Looks);
        CutLive();
    }

    private void LookIf(bool looks)
    {
        if (looks)
        {
            Look();
        }
    }

    private void AfterRotation(bool reopens)
    {
        if (World.CreatesLog && Files.Find(World.LogName) is null)
        {
            MakeLog();
        }

        if (reopens)
        {
            ReopenLive(finishesLine: false);
        }
    }

    private void ReopenLive(bool finishesLine)
    {
        if (!IsStraggling)
        {
            return;
        }

        if (_line is not null && (finishesLine || !World.HasHalfLines))
        {
            Append(1, endsLine: true);
        }

        CloseLines();
    }
}
