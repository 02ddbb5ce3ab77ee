namespace LogPilot.Agent.Tests.Rotations;

/// <summary>A line as its program meant it.</summary>
internal sealed class ExpectedLine
{
    public List<Fragment> Fragments { get; } = [];

    /// <summary>It has to be stored: its end was written, or nothing of it can follow.</summary>
    public bool IsComplete { get; set; }

    /// <summary>Its program has opened another file before it wrote the end.</summary>
    public bool IsGivenUp { get; set; }

    /// <summary>That its pieces belong together may be unknown.</summary>
    public bool MayBeSplit { get; set; }

    /// <summary>A piece of it stands where nothing tells it from others: when in doubt, twice is better than not at all.</summary>
    public bool MayBeTwice { get; set; }

    /// <summary>A piece of it is gone, and the agent may not have known then that the whole was stored.</summary>
    public bool IsTorn { get; set; }

    /// <summary>Its end is not in its file, and nothing tells that what comes next does not belong to it.</summary>
    public bool MayGoOn { get; set; }

    public string Text => TextOf(Fragments);

    public Fragment Add(string text)
    {
        var fragment = new Fragment(this, text);
        Fragments.Add(fragment);
        return fragment;
    }

    public static string TextOf(IEnumerable<Fragment> fragments) =>
        string.Concat(fragments.Select(fragment => fragment.Text));
}

/// <summary>A piece of a line, written at once. No two have the same text, unless all lines are equal.</summary>
internal sealed class Fragment(ExpectedLine line, string text)
{
    public ExpectedLine Line => line;

    public string Text => text;

    /// <summary>The files that hold it.</summary>
    public List<LogFile> Places { get; } = [];

    /// <summary>It was gone before the agent could read it for certain.</summary>
    public bool MayBeLost { get; set; }

    /// <summary>It was there before the agent was, in a file that is not to be read.</summary>
    public bool IsForbidden { get; set; }
}
