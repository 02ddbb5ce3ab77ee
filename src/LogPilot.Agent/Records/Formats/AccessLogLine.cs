using System.Buffers;

namespace LogPilot.Agent.Records.Formats;

/// <summary>A line of an access log, taken apart: slices of the text, as they were written.</summary>
/// <remarks>
/// What both servers write, with fluentd's rules where it has some. One blank stands between the parts:
/// <code>
/// line     = [vhost] client second user "[" time "]" quoted(request) code size [referer-agent] [extra]
/// vhost    = what stands first, if there are four words before the time and the second of them is not "-"
/// request  = "" | method [blanks path [blanks protocol]]
/// referer-agent = quoted quoted [blanks forwarded]                      forwarded: nginx only
/// forwarded     = quoted | characters up to the next blank
/// quoted   = '"' characters, of which '"' and '\' only behind a '\' '"'
/// extra    = whatever is left
/// </code>
/// fluentd's expressions, v1.2, are <c>^(?&lt;remote>[^ ]*) (?&lt;host>[^ ]*) (?&lt;user>[^ ]*) \[(?&lt;time>[^\]]*)\]
/// "(?&lt;method>\S+)(?: +(?&lt;path>[^\"]*?)(?: +\S*)?)?" (?&lt;code>[^ ]*) (?&lt;size>[^ ]*)(?: "(?&lt;referer>[^\"]*)"
/// "(?&lt;agent>[^\"]*)"(?:\s+(?&lt;http_x_forwarded_for>[^ ]+))?)?$</c> for nginx and nearly the same for Apache. Lines that
/// servers write and that these match come out the same. They refuse, and this reads:
/// an empty request, which nginx writes for a client that sent nothing; a virtual host in front, as of Apache's
/// <c>vhost_combined</c>; <c>\"</c> in every quoted part, as Apache writes it; and further fields at the end, which people add
/// to their log format, and which become one text. A list of addresses as <c>forwarded</c> is in quotes and comes without
/// them, as in fluentd since v1.4; v1.2 refuses the list and keeps the quotes of a single one.
/// What cannot be the referer and the agent is part of <c>extra</c>, so that nothing is lost.
/// A user with a blank in its name is refused, as by fluentd: nobody can tell it from a virtual host.
/// </remarks>
internal ref struct AccessLogLine
{
    private static readonly SearchValues<byte> Blanks = SearchValues.Create(BlankBytes);

    private ReadOnlySpan<byte> _rest;

    public ReadOnlySpan<byte> Vhost { get; private set; }

    public bool HasVhost { get; private set; }

    public ReadOnlySpan<byte> Client { get; private set; }

    public ReadOnlySpan<byte> Second { get; private set; }

    public ReadOnlySpan<byte> User { get; private set; }

    public ReadOnlySpan<byte> Time { get; private set; }

    public ReadOnlySpan<byte> Method { get; private set; }

    public bool HasMethod { get; private set; }

    public ReadOnlySpan<byte> Path { get; private set; }

    public bool HasPath { get; private set; }

    public ReadOnlySpan<byte> Code { get; private set; }

    public ReadOnlySpan<byte> Size { get; private set; }

    public ReadOnlySpan<byte> Referer { get; private set; }

    public ReadOnlySpan<byte> Agent { get; private set; }

    /// <summary>Whether there are <see cref="Referer"/> and <see cref="Agent"/>: both or none.</summary>
    public bool HasAgent { get; private set; }

    public ReadOnlySpan<byte> ForwardedFor { get; private set; }

    public bool HasForwardedFor { get; private set; }

    /// <summary>What follows, without the blanks around it; empty if nothing does.</summary>
    public ReadOnlySpan<byte> Extra { get; private set; }

    // What \s means to Ruby.
    private static ReadOnlySpan<byte> BlankBytes => " \t\n\v\f\r"u8;

    /// <param name="forwarded">Whether the first value behind the agent is the one of <c>X-Forwarded-For</c>.</param>
    /// <returns>False if this is no line of an access log.</returns>
    public static bool TryParse(ReadOnlySpan<byte> text, bool forwarded, out AccessLogLine line)
    {
        line = new AccessLogLine { _rest = text };
        if (!line.TryTakeClient() || !line.TryTakeTime() || !line.TryTakeRequest() || !line.TryTakeWord(out var code))
        {
            return false;
        }

        line.Code = code;
        line.TakeSize();
        line.TakeAgent();
        if (forwarded && line.HasAgent)
        {
            line.TakeForwardedFor();
        }

        line.Extra = line._rest.Trim(BlankBytes);
        return true;
    }

    private bool TryTakeClient()
    {
        if (!TryTakeWord(out var first) || !TryTakeWord(out var second) || !TryTakeWord(out var third))
        {
            return false;
        }

        if (_rest.StartsWith("["u8))
        {
            Client = first;
            Second = second;
            User = third;
            return true;
        }

        Vhost = first;
        HasVhost = true;
        Client = second;
        Second = third;
        var isVhost = TryTakeWord(out var fourth) && _rest.StartsWith("["u8) && !second.SequenceEqual("-"u8);
        User = fourth;
        return isVhost;
    }

    private bool TryTakeTime()
    {
        var end = _rest.IndexOf((byte)']');
        if (end < 0 || !_rest[end..].StartsWith("] \""u8))
        {
            return false;
        }

        Time = _rest[1..end];
        _rest = _rest[(end + 2)..];
        return true;
    }

    private bool TryTakeRequest()
    {
        if (!TryTakeQuoted(_rest, out var request, out _rest) || !_rest.StartsWith(" "u8))
        {
            return false;
        }

        _rest = _rest[1..];
        HasMethod = !request.IsEmpty;
        var end = request.IndexOfAny(Blanks);
        if (end < 0)
        {
            Method = request;
            return true;
        }

        Method = request[..end];
        TakePath(request[end..]);
        return end > 0 && request[end] == ' ';
    }

    // The last word is the protocol, unless it is the only one. There may be blanks in the path.
    private void TakePath(ReadOnlySpan<byte> request)
    {
        HasPath = true;
        Path = request.TrimStart((byte)' ');
        var protocol = Path.LastIndexOfAny(Blanks);
        if (protocol >= 0 && Path[protocol] == ' ')
        {
            Path = Path[..protocol].TrimEnd((byte)' ');
        }
    }

    private void TakeSize()
    {
        var end = _rest.IndexOf((byte)' ');
        Size = end < 0 ? _rest : _rest[..end];
        _rest = _rest[Size.Length..];
    }

    private void TakeAgent()
    {
        if (_rest.StartsWith(" \""u8)
            && TryTakeQuoted(_rest[1..], out var referer, out var rest)
            && rest.StartsWith(" \""u8)
            && TryTakeQuoted(rest[1..], out var agent, out rest)
            && IsEndOfValue(rest))
        {
            Referer = referer;
            Agent = agent;
            HasAgent = true;
            _rest = rest;
        }
    }

    private void TakeForwardedFor()
    {
        var rest = _rest.TrimStart(BlankBytes);
        if (rest.IsEmpty)
        {
            return;
        }

        if (rest[0] != '"')
        {
            var end = rest.IndexOfAny(Blanks);
            ForwardedFor = end < 0 ? rest : rest[..end];
            HasForwardedFor = true;
            _rest = rest[ForwardedFor.Length..];
        }
        else if (TryTakeQuoted(rest, out var addresses, out rest) && IsEndOfValue(rest))
        {
            ForwardedFor = addresses;
            HasForwardedFor = true;
            _rest = rest;
        }
    }

    private bool TryTakeWord(out ReadOnlySpan<byte> word)
    {
        var end = _rest.IndexOf((byte)' ');
        if (end < 0)
        {
            word = default;
            return false;
        }

        word = _rest[..end];
        _rest = _rest[(end + 1)..];
        return true;
    }

    private static bool IsEndOfValue(ReadOnlySpan<byte> rest) => rest.IsEmpty || Blanks.Contains(rest[0]);

    /// <param name="text">Begins with a quote.</param>
    private static bool TryTakeQuoted(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> inside, out ReadOnlySpan<byte> rest)
    {
        inside = default;
        rest = default;
        for (var at = 1; at < text.Length;)
        {
            var special = text[at..].IndexOfAny((byte)'"', (byte)'\\');
            if (special < 0)
            {
                return false;
            }

            at += special;
            if (text[at] == '"')
            {
                inside = text[1..at];
                rest = text[(at + 1)..];
                return true;
            }

            // The backslash and what it escapes.
            at += 2;
        }

        return false;
    }
}
