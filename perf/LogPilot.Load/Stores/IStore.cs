namespace LogPilot.Load.Stores;

/// <summary>The server that the agent sends to; it fails until it is to be calm. Safe for concurrent use.</summary>
internal interface IStore : IDisposable
{
    Uri Address { get; }

    /// <summary>How long the agent should wait for an answer, as its options say it.</summary>
    string RequestTimeout { get; }

    /// <summary>Whether it knows in which order lines came.</summary>
    bool KnowsOrder { get; }

    /// <summary>How it has failed, and how often.</summary>
    string Troubles { get; }

    /// <summary>How many lines of a log are known to be stored.</summary>
    int CountOf(char log);

    /// <summary>The number up to which every line of a log is known to be stored; 0 if nobody knows.</summary>
    int Through(char log);

    /// <summary>Fails no more; returns when it serves.</summary>
    void CalmDown();

    /// <summary>All that it has.</summary>
    StoredLines Collect();
}
