using LogPilot.Agent.Files;
using LogPilot.Agent.Shipping;
using LogPilot.Agent.Tests.Support;

namespace LogPilot.Agent.Tests.Rotations;

/// <summary>Plays one sequence: the real agent on real files, a store, and the model of what has to be in it.</summary>
internal sealed class SequenceRun : IDisposable
{
    private readonly WorldOptions _world;
    private readonly PassFixture _agent = new() { Scratch = ScratchDirectory.InMemory() };
    private readonly RecordingStore _store = new();
    private readonly LogModel _model;
    private readonly LogDirectory _files;
    private readonly WrittenLog _log;
    private FileSource? _source;
    private bool _hasStarted;
    private bool _hasMetLog;
    private bool _isRemoved;

    // Since everything was delivered last.
    private bool _hasDayPassed;

    private SequenceRun(WorldOptions world)
    {
        _world = world;
        _model = new LogModel(_store, world.HasEqualLines, IsMet);
        _files = new LogDirectory(_agent.Scratch, _agent.Time, _model);
        _agent.BirthOf = _files.BirthOf;
        _log = world.Kind switch
        {
            WorldKind.Docker => new DockerLog(_files, world) { Look = TakeTurn },
            WorldKind.Cri => new KubeletLog(_files, world) { Look = TakeTurn },
            _ => new ProgramLog(_files, world) { Look = TakeTurn, LookBeside = TakeTurnBeside },
        };
    }

    private bool IsUp => _source is not null;

    // What the agent said, for whoever looks into a failure.
    private IEnumerable<string> Story =>
        _agent.Log.Entries.Select(entry => "agent: " + entry.Text.Replace(_agent.Scratch.Root, "", StringComparison.Ordinal));

    /// <summary>Plays a sequence to its end, where everything is delivered.</summary>
    /// <returns>What is wrong then; empty if nothing is.</returns>
    public static List<string> Play(WorldOptions world, IReadOnlyList<SequenceAction> actions)
    {
        using var run = new SequenceRun(world);
        try
        {
            foreach (var action in actions)
            {
                run.Apply(action);
            }

            run.Finish();
        }
        catch (Exception failure)
        {
            // Whatever the agent throws would have ended its process.
            return [failure.ToString()];
        }

        var wrong = run._model.Check();
        return wrong.Count == 0 ? wrong : [.. wrong, .. run.Story];
    }

    public void Dispose()
    {
        _files.Dispose();
        _agent.Dispose();
    }

    private bool IsMet(string name) =>
        _world.IsExact && !_world.Has(Features.Siblings) ? name == _world.LogName
        : !name.Contains('/') && !name.EndsWith(KubeletLog.Unfinished, StringComparison.Ordinal);

    private void Apply(SequenceAction action)
    {
        switch (action)
        {
            case LogAction log:
                Apply(log);
                break;
            case Turn:
                TakeTurn();
                break;
            case Answer answer when _agent.InFlight.Count > 0:
                Apply(answer);
                break;
            case Advance advance:
                PassTime(advance.By);
                break;
            case GoDown down when IsUp:
                StopAgent(down);
                break;
            case Start when !IsUp:
                StartAgent();
                break;
        }
    }

    private void Apply(LogAction action)
    {
        var wasEnded = _log.IsEnded;
        _log.Apply(action);
        if (_source is not null && _log.IsEnded != wasEnded)
        {
            if (wasEnded)
            {
                _agent.Tailer.Resume(_source);
            }
            else
            {
                _agent.Tailer.End(_source);
            }
        }
    }

    private void Apply(Answer answer)
    {
        var batch = answer.Batch % _agent.InFlight.Count;
        var documents = SentDocument.Of(_agent.InFlight[batch]);
        for (var i = 0; i < documents.Count; i++)
        {
            if (answer.Kind != AnswerKind.Held || (answer.Lot & (1 << (i % 31))) != 0)
            {
                _store.Create(documents[i]);
            }
        }

        if (answer.Kind != AnswerKind.Unheard)
        {
            _agent.Answer(batch, answer.Kind == AnswerKind.Held ? RangeOutcome.Held : RangeOutcome.Delivered);
        }
    }

    private void TakeTurn()
    {
        if (IsUp)
        {
            _agent.Turn();
            Looked(hasRead: true);
        }
    }

    private void TakeTurnBeside(Action action)
    {
        _agent.BeforeCompare = action;
        TakeTurn();
        if (_agent.BeforeCompare is not null)
        {
            // There was nothing to compare.
            _agent.BeforeCompare = null;
            action();
        }
    }

    private void Looked(bool hasRead)
    {
        // As long as the log itself was never met, nobody knows whose siblings they are.
        if (!_world.IsOfRuntime && !_hasMetLog)
        {
            _model.Ignore(file => IsSibling(file) && (_world.IsExact || file.IsCompressed), isForbidden: false);
        }

        _hasMetLog |= _files.Find(_world.LogName) is not null;
        _model.Looked(hasRead);
    }

    private bool IsSibling(LogFile file) => !file.Names.Contains(_world.LogName) && !file.IsHeld;

    private void StartAgent()
    {
        if (_isRemoved)
        {
            return;
        }

        if (!_hasStarted && !_world.IsOfRuntime)
        {
            // What was rotated before anybody knew of the agent is not for it, unless its name is.
            var isExact = _world.IsExact;
            _model.Ignore(file => IsSibling(file) && (isExact || file.IsCompressed), isForbidden: isExact);
        }

        _hasStarted = true;
        _source = _world.Kind switch
        {
            WorldKind.Docker => _agent.AddStdout(),
            WorldKind.Cri => _agent.AddCri(),
            _ => _agent.AddRaw(_world.IsExact ? _world.LogName : "*.log*"),
        };
        if (_log.IsEnded)
        {
            _agent.Tailer.End(_source);
        }

        Looked(hasRead: false);
    }

    private void PassTime(TimeSpan by)
    {
        var isNextDay = (_agent.Time.GetUtcNow() + by).Date > _agent.Time.GetUtcNow().Date;
        if (isNextDay && _hasDayPassed && !_world.Has(Features.SlowAnswers))
        {
            if (!IsUp)
            {
                return;
            }

            DeliverAll();
        }

        _hasDayPassed |= isNextDay;
        _log.BeforeAdvance(by);
        _agent.Time.Advance(by);
    }

    private void StopAgent(GoDown down)
    {
        for (var i = _agent.InFlight.Count - 1; i >= 0; i--)
        {
            if ((down.Lot & (1 << i)) != 0)
            {
                Apply(new Answer(i, down.IsClean ? AnswerKind.Delivered : AnswerKind.Unheard, 0));
            }
        }

        _agent.Stop();
        _source = null;
        _model.WentDown();
    }

    private void Finish()
    {
        // The container may end, but does not wait, between two parts of a record.
        if (!_world.IsOfRuntime || _world.End == SequenceEnd.None)
        {
            _log.Relax();
        }

        if (!IsUp)
        {
            StartAgent();
        }

        DeliverAll();
        if (_world.End == SequenceEnd.Ended)
        {
            Apply(new EndContainer());
        }
        else if (_world.End == SequenceEnd.Removed)
        {
            _log.Remove();
            _agent.Tailer.Remove(_source!);
            _isRemoved = true;
        }

        DeliverOverTime();
        if (!_isRemoved)
        {
            // What is delivered is not sent again by the next agent, or has the same ids.
            StopAgent(new GoDown(IsClean: false, Lot: 0));
            StartAgent();
            DeliverOverTime();
        }
    }

    // Longer than any pause or grace, and any interval of scans.
    private void DeliverOverTime()
    {
        for (var i = 0; i < 6; i++)
        {
            DeliverAll();
            _agent.Time.Advance(TimeSpan.FromSeconds(15));
        }

        DeliverAll();
    }

    private void DeliverAll()
    {
        TakeTurn();
        _agent.DeliverAll().ForEach(_store.Create);
        Looked(hasRead: true);
        _hasDayPassed = false;
    }
}
