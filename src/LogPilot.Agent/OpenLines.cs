using LogPilot.Agent.Files;
using LogPilot.Agent.Lines;
using LogPilot.Agent.Records;
using LogPilot.Agent.Shipping;

namespace LogPilot.Agent;

/// <summary>
/// What is open where one file ends and the next begins, as one file sees it: the lines that it has on loan from the file before, and
/// what became of those that it lends to the next.
/// </summary>
internal sealed class OpenLines(FilePass pass, ILineReader lines)
{
    private readonly OpenLineLoan _loan = new();
    private readonly List<SpentLoan> _spent = [];
    private LentLines _lent;

    /// <summary>The file before has lines that may go on here, or have gone on here and may have to be read again.</summary>
    public bool HasLender => _loan.Lender is not null;

    /// <inheritdoc cref="IFileReader.AwaitsOlder"/>
    public bool AwaitsOlder => _loan.IsAwaited;

    /// <summary>What is open at the end was sent with what followed it: it goes on nowhere else, and is no line by itself.</summary>
    public bool AreSent => _lent != LentLines.Open;

    /// <summary>The file in which the line has begun that is open now.</summary>
    public FilePass First => lines.IsContinued && _loan.Lender is { } older ? older.OpenLines.First : pass;

    /// <summary>Those of the file in which a line from before has begun, also when that is closed; null if there is none.</summary>
    public RecordIds? Ids => _loan.Ids;

    /// <summary>Takes the lines of the file before over, from its end.</summary>
    /// <returns>False if this file has them already.</returns>
    public bool TryTake(FilePass lender)
    {
        if (_loan.IsFrom(lender))
        {
            return false;
        }

        _loan.Take(lender, lender.OpenLineIds);
        return true;
    }

    /// <summary>A line that may be one of the file before is in a batch.</summary>
    public void Written(in Line line) => _loan.WrittenTo = line.IsContinued ? line.End : _loan.WrittenTo;

    /// <summary>What was open at the end of the file before is delivered when this one resumes behind its start.</summary>
    public void Return()
    {
        if (_loan is { Lender: { } lender, IsAwaited: false } && (pass.Progress.ResumeFrom > 0 || _loan.IsPassedOn))
        {
            lender.OpenLines.Know(LentLines.Delivered);
        }
    }

    /// <summary>
    /// At the end, what is delivered is passed, and what is on its way with what followed it in the next file goes on in no other.
    /// </summary>
    public void PassSent()
    {
        if (!AreSent || !pass.HasOpenLine || pass.Position < pass.File.Size)
        {
            return;
        }

        lines.Seek(pass.Position);
        pass.Progress.Add(pass.End);
        if (_lent == LentLines.Delivered)
        {
            ReachEnd();
        }
    }

    /// <summary>Reading this file was taken back: where it goes on in lines of the file before, that one is read again first.</summary>
    public void TakeBack() => _loan.Await(isNeeded: pass.Progress.ResumeFrom == 0);

    /// <returns>Whether lines were taken over that go on elsewhere, so that reading has to be taken back.</returns>
    /// <inheritdoc cref="IFileReader.ContinueNoOther"/>
    public bool ContinueNoOther(IFileReader? older)
    {
        if (_loan.Lender is not { } lender || lender == older || (!lines.IsContinued && !AwaitsOlder))
        {
            return false;
        }

        _loan.End();
        return true;
    }

    /// <summary>Goes on without a file before, which is not read any more.</summary>
    public void Forget(FilePass older)
    {
        if (_loan.Lender == older)
        {
            _loan.End();
        }
    }

    /// <summary>The file was cut to nothing.</summary>
    /// <param name="isSaved">A copy has what it held, and what the file before lends goes on there.</param>
    public void StartAnew(bool isSaved)
    {
        if (!isSaved && _loan is { Lender: { HasOpenLine: true } lender, IsAwaited: false, WrittenTo: { } end })
        {
            Spend(lender, end);
        }

        _loan.End();
        _lent = LentLines.Open;
    }

    /// <inheritdoc cref="FilePass.SettleSpent"/>
    public FilePass? SettleSpent(in BatchRange range)
    {
        for (var i = 0; i < _spent.Count; i++)
        {
            var lender = _spent[i].Lender;
            if (range.Outcome != RangeOutcome.Pending && _spent[i].IsIn(range.Range))
            {
                _spent.RemoveAt(i);
                return !lender.File.IsClosed && lender.OpenLines.SettleLent(range.Outcome) ? lender : null;
            }
        }

        return null;
    }

    /// <inheritdoc cref="FilePass.TakeBackOlder"/>
    public FilePass? TakeBackOlder()
    {
        var older = AwaitsOlder ? _loan.Lender : null;
        older?.TakeBack();
        return older;
    }

    private void Know(LentLines lent)
    {
        _lent = lent;
        PassSent();
    }

    private void ReachEnd()
    {
        pass.Progress.Deliver(pass.End);

        // The lines may have begun in a file before, with nothing of them in this one.
        _loan.IsPassedOn = pass.Position == 0;
        Return();
    }

    // What is open at the end of the file before is on its way with what followed it here.
    private void Spend(FilePass lender, long end)
    {
        lender.File.IsCutOff = true;
        lender.OpenLines.Know(LentLines.Sent);
        if (pass.Progress.OnItsWay(end) is { } taken)
        {
            _spent.Add(new SpentLoan(lender, taken));
        }
        else
        {
            lender.OpenLines.SettleLent(RangeOutcome.Delivered);
        }
    }

    // Whether reading was taken back.
    private bool SettleLent(RangeOutcome outcome)
    {
        if (outcome == RangeOutcome.Delivered)
        {
            _lent = LentLines.Delivered;
            if (pass.Position >= pass.File.Size && !pass.HasOpenLine)
            {
                ReachEnd();
            }

            return false;
        }

        _lent = LentLines.Open;
        pass.TakeBack();
        return true;
    }
}
