namespace LogPilot.Agent.Lines;

/// <summary>A regular expression that is tried on lines.</summary>
internal sealed class LinePattern(BoundedRegex regex)
{
    // A buffer that one long line has made larger than this is let go again.
    private const int KeptBytesMax = 64 * 1024;

    private byte[] _decoded = [];

    public bool IsMatch(scoped in Line line)
    {
        if (!line.IsEscaped || !line.Text.Contains((byte)'\\'))
        {
            return regex.IsMatch(line.Text);
        }

        if (_decoded.Length < line.Text.Length || (_decoded.Length > KeptBytesMax && line.Text.Length <= KeptBytesMax))
        {
            _decoded = new byte[Math.Max(line.Text.Length, 1024)];
        }

        return regex.IsMatch(_decoded.AsSpan(0, EscapedText.Decode(line.Text, _decoded)));
    }
}
