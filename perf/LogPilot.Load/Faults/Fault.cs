namespace LogPilot.Load.Faults;

/// <summary>What can happen to a bulk request.</summary>
internal enum Fault
{
    None,

    /// <summary>Some items are stored and some are refused with 429.</summary>
    SomeItems,

    /// <summary>The request is refused with 429.</summary>
    TooMany,

    /// <summary>The request is refused with 503.</summary>
    Unavailable,

    /// <summary>A proxy answers with a page of its own.</summary>
    ProxyPage,

    /// <summary>The connection is reset before the request was read.</summary>
    ResetBefore,

    /// <summary>Everything is stored, and the connection is reset instead of an answer.</summary>
    ResetBehind,

    /// <summary>Everything is stored, and the answer breaks off.</summary>
    HalfAnswer,

    /// <summary>The answer is right, and late.</summary>
    Late,
}
