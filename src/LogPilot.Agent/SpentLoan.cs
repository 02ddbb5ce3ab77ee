using LogPilot.Agent.Files;

namespace LogPilot.Agent;

/// <summary>
/// Lines of a lender that were written to a batch with what stood in the next file before that was cut, and no copy of it was found. They
/// are on their way with it, and go on in no other file.
/// </summary>
/// <param name="Taken">The range of the next file that has the last of the lines.</param>
internal readonly record struct SpentLoan(FilePass Lender, FileRange Taken)
{
    /// <param name="settled">May be several ranges that a batch has joined.</param>
    public bool IsIn(in FileRange settled) => settled.Epoch == Taken.Epoch && settled.Holds(Taken);
}
