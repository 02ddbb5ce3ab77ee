namespace LogPilot.Agent.Tests.Rotations;

/// <summary>
/// One step of a sequence, as data. Each can be applied in any state, where it does nothing if it makes no
/// sense, so that a sequence stays one when steps are left out.
/// </summary>
internal abstract record SequenceAction;

/// <summary>What the program, its container, or whoever rotates its log does.</summary>
internal abstract record LogAction : SequenceAction;

/// <summary>Whole lines; the first one continues a line that is half written.</summary>
/// <param name="Parts">Entries of a line, where the runtime splits long ones.</param>
internal sealed record Write(int Lines, int Parts, int Bytes, int Stream) : LogAction;

/// <summary>The start of a line, or more of it.</summary>
internal sealed record WriteHalf(int Bytes, int Stream) : LogAction;

/// <summary>The log is rotated, in the way of its world.</summary>
/// <param name="Reopens">The program opens its new log at once; otherwise it goes on with the old one.</param>
/// <param name="Looks">The agent looks between the steps of the rotation.</param>
internal sealed record Rotate(bool Reopens, bool Looks) : LogAction;

/// <summary>What is being compressed is finished, and its original deleted.</summary>
internal sealed record FinishCompression : LogAction;

/// <summary>The program opens its log anew.</summary>
/// <param name="FinishesLine">It ends the line first that is half written; otherwise that stays a half.</param>
internal sealed record Reopen(bool FinishesLine) : LogAction;

/// <summary>The log is cut to nothing without a copy.</summary>
internal sealed record Cut : LogAction;

internal sealed record Delete(bool Reopens) : LogAction;

internal sealed record EndContainer : LogAction;

internal sealed record ResumeContainer : LogAction;

/// <summary>What the agent does, or what is done to it.</summary>
internal abstract record AgentAction : SequenceAction;

/// <summary>The agent looks, reads and sends all there is room for.</summary>
internal sealed record Turn : AgentAction;

/// <summary>The sink answers a batch.</summary>
/// <param name="Lot">Which of the batch's documents are stored although the batch is held.</param>
internal sealed record Answer(int Batch, AnswerKind Kind, int Lot) : AgentAction;

internal sealed record Advance(TimeSpan By) : AgentAction;

/// <summary>The agent ends.</summary>
/// <param name="IsClean">It has the time to hear what the sink says to what is on its way.</param>
/// <param name="Lot">Which of the batches on their way are stored.</param>
internal sealed record GoDown(bool IsClean, int Lot) : AgentAction;

internal sealed record Start : AgentAction;

/// <summary>How a log is rotated.</summary>
internal enum RotationKind
{
    /// <summary>It gets another name.</summary>
    Rename,

    /// <summary>It is copied, then cut to nothing.</summary>
    CopyTruncate,

    /// <summary>Its name is a symbolic link, which leads to another file from now on.</summary>
    SwitchLink,
}

/// <summary>What becomes of a batch.</summary>
internal enum AnswerKind
{
    /// <summary>Stored, and the agent hears of it.</summary>
    Delivered,

    /// <summary>The index is not taken now; a part of the batch is stored all the same.</summary>
    Held,

    /// <summary>Stored, and the agent does not hear of it.</summary>
    Unheard,
}

/// <summary>How the life of a log ends.</summary>
internal enum SequenceEnd
{
    /// <summary>The program goes on.</summary>
    None,

    /// <summary>The container ends.</summary>
    Ended,

    /// <summary>The container is removed.</summary>
    Removed,
}
