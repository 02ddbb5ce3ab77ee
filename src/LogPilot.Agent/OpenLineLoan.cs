using LogPilot.Agent.Files;
using LogPilot.Agent.Records;

namespace LogPilot.Agent;

/// <summary>
/// The lines that are open at the end of a file and go on at the start of the next one, which has them on loan: the older file, the lender,
/// is not settled before they are delivered, and stays open for as long as they may have to be read again.
/// </summary>
internal sealed class OpenLineLoan
{
    /// <summary>The file directly before; null if there is none, or it is not needed any more.</summary>
    public FilePass? Lender { get; private set; }

    /// <summary>The lender is read up to its end again first.</summary>
    public bool IsAwaited { get; private set; }

    /// <summary>Those of the file in which the line has begun, also when that is closed.</summary>
    public RecordIds? Ids { get; private set; }

    /// <summary>The next file has delivered the lines, of which nothing stands in this one.</summary>
    public bool IsPassedOn { get; set; }

    /// <summary>Where the last of the lines ends in this file that were written to a batch; null if none was.</summary>
    public long? WrittenTo { get; set; }

    /// <summary>Whether it has what this file lends.</summary>
    public bool IsFrom(IFileReader lender) => Lender == lender && !IsAwaited;

    public void Take(FilePass lender, RecordIds ids)
    {
        Lender = lender;
        IsAwaited = false;
        WrittenTo = null;
        Ids = ids;
    }

    /// <summary>Reading was taken back.</summary>
    /// <param name="isNeeded">It goes on where the lines of the lender do.</param>
    public void Await(bool isNeeded) => IsAwaited = Lender is not null && isNeeded;

    /// <summary>The file before has nothing to do with this one.</summary>
    public void End()
    {
        Lender = null;
        IsAwaited = false;
        WrittenTo = null;
    }
}
