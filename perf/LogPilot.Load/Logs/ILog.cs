namespace LogPilot.Load.Logs;

/// <summary>A log of numbered lines that grows and is rotated.</summary>
internal interface ILog : IDisposable
{
    /// <summary>The letter of its lines.</summary>
    char Letter { get; }

    /// <summary>What sets it apart from the others.</summary>
    string Description { get; }

    /// <summary>The number of the last line.</summary>
    int Last { get; }

    /// <summary>How often its file was rotated.</summary>
    int Rotations { get; }

    /// <summary>Writes the next line; false if it has to wait for the server.</summary>
    bool TryWriteNext();
}
