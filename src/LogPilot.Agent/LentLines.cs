namespace LogPilot.Agent;

/// <summary>What became of the lines that are open at the end of a file and went on in the next one.</summary>
internal enum LentLines
{
    /// <summary>They are delivered when the next file resumes behind its start.</summary>
    Open,

    /// <summary>The next file was cut while a batch had them: they are delivered when that is.</summary>
    Sent,

    /// <summary>They are delivered, also if the file has to be read again.</summary>
    Delivered,
}
