namespace LogPilot.Agent.Lines;

/// <summary>A regular expression that is tried on lines.</summary>
internal sealed class LinePattern(BoundedRegex regex)
{
    public bool IsMatch(scoped in Line line) => regex.IsMatch(EscapedText.Decode(line));
}
