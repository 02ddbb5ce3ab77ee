using Microsoft.Win32.SafeHandles;

namespace LogPilot.Agent.Tests.Rotations;

/// <summary>One file on disk, and what the model knows of it.</summary>
internal sealed class LogFile(SafeFileHandle handle)
{
    /// <summary>Kept open until the sequence ends, so that no inode is used twice.</summary>
    public SafeFileHandle Handle => handle;

    public HashSet<string> Names { get; } = [];

    public bool IsCompressed { get; init; }

    /// <summary>The running agent has it open.</summary>
    public bool IsHeld { get; set; }

    /// <summary>An agent has had it open.</summary>
    public bool WasMet { get; set; }

    /// <summary>The agent has met a line in it since it was empty.</summary>
    public bool IsKnown { get; set; }

    /// <summary>The agent knows what was in it before it was emptied, and has not read in it since.</summary>
    public bool IsRemembered { get; set; }

    /// <summary>It was compressed to another file.</summary>
    public bool IsReplaced { get; set; }

    /// <summary>An agent that starts cannot know that what it was compressed to has its text.</summary>
    public bool IsUnlikeItsCopy { get; set; }

    /// <summary>The file that it was copied from.</summary>
    public LogFile? Original { get; init; }

    /// <summary>It is older than the agent, and not for it.</summary>
    public bool IsIgnored { get; set; }

    public List<Fragment> Fragments { get; } = [];
}
