using LogPilot.Load.Logs;

namespace LogPilot.Load.Sources;

/// <summary>What is written and rotated, and the engine that tells the agent of it.</summary>
internal interface ISource : IDisposable
{
    IReadOnlyList<ILog> Logs { get; }

    /// <summary>The most lines that a log gets between two pauses.</summary>
    int BurstLinesMax { get; }

    /// <summary>What the agent's own environment declares, and where its runtime is if that is not Docker.</summary>
    IReadOnlyDictionary<string, string> Declarations => new Dictionary<string, string>();

    /// <summary>Nothing more is written: programs that write come to their end.</summary>
    void Finish()
    {
        // Files that are written here need no end.
    }
}
