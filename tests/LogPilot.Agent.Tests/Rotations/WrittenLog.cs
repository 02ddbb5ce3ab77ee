namespace LogPilot.Agent.Tests.Rotations;

/// <summary>A log, the program that writes it, and whoever rotates it.</summary>
internal abstract class WrittenLog(LogDirectory files, WorldOptions world)
{
    // The agent takes a half line for a line ten seconds after its file was rotated away, and lets go of such a file a
    // minute after it was quiet. A program that is slower than that is beyond what is promised.
    private static readonly TimeSpan StrainMax = TimeSpan.FromSeconds(8);

    private TimeSpan _strained;
    private int _fragments;
    private bool _endedWithinALine;

    public bool IsEnded { get; private set; }

    protected LogDirectory Files => files;

    protected WorldOptions World => world;

    protected RotationChain Chain { get; } = new(files, world);

    /// <summary>The agent looks, if it runs.</summary>
    public Action Look { get; init; } = () => { };

    /// <summary>The agent looks, and just before it holds one file against others, something happens; that happens in any case.</summary>
    public Action<Action> LookBeside { get; init; } = action => action();

    /// <summary>Something waits to be finished that must not wait for long.</summary>
    protected abstract bool IsStrained { get; }

    /// <summary>A line is half written.</summary>
    protected abstract bool HasOpenLine { get; }

    public virtual void Apply(LogAction action)
    {
        switch (action)
        {
            case EndContainer:
                End();
                break;
            case ResumeContainer:
                // Its next line would be a new one, but an agent that was down cannot know of the end.
                IsEnded = IsEnded && _endedWithinALine;
                break;
            case FinishCompression:
                Chain.FinishCompression();
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(action), action, null);
        }
    }

    /// <summary>Time is about to pass: what has waited for long enough is finished.</summary>
    public void BeforeAdvance(TimeSpan by)
    {
        _strained = IsStrained ? _strained + by : TimeSpan.Zero;
        if (_strained >= StrainMax)
        {
            Relax();
            _strained = TimeSpan.Zero;
        }
    }

    /// <summary>Finishes what must not wait.</summary>
    public abstract void Relax();

    /// <summary>The container ends; what it has half written is all there is.</summary>
    public void End()
    {
        if (!IsEnded)
        {
            _endedWithinALine = HasOpenLine;
            CloseLines();
            IsEnded = true;
        }
    }

    /// <summary>The container is removed.</summary>
    public abstract void Remove();

    protected abstract void CloseLines();

    protected void CutLive()
    {
        if (files.Find(world.LogName) is { } live)
        {
            files.Cut(live);
        }
    }

    /// <summary>A text that no other piece of a line has.</summary>
    protected string NextText(int bytes) => $"<{++_fragments}{new string('x', bytes)}>";
}
