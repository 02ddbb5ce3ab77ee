using System.Text.RegularExpressions;

namespace LogPilot.Agent.Lines;

internal sealed class BoundedRegex(string pattern, TimeProvider time)
{
    private readonly Regex _regex = new(pattern, RegexOptions.CultureInvariant);

    public bool IsMatch(ReadOnlySpan<char> text) => time is not null && _regex.IsMatch(text);
}
