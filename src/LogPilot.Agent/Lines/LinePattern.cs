namespace LogPilot.Agent.Lines;

/// <summary>A regular expression that is tried on lines.</summary>
internal sealed class LinePattern(BoundedRegex regex)
{
    public bool IsMatch(scoped in Line line)
    {
        if (!line.IsEscaped || !line.Text.Contains((byte)'\\'))
        {
            return regex.IsMatch(line.Text);
        }

        var text = Scratch.Unescaped.Room(line.Text.Length);
        return regex.IsMatch(text[..EscapedText.Decode(line.Text, text)]);
    }
}
