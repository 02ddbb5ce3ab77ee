using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace LogPilot.Agent.Tests.Records.Formats;

/// <summary>
/// Access logs read by expressions: by those of fluentd, which are a fact of the formats, and by one for all that ours reads.
/// Texts have one character a byte.
/// </summary>
internal static partial class AccessLogReference
{
    private const string Blank = @"[ \t\n\v\f\r]";
    private const string NoBlank = @"[^ \t\n\v\f\r]";
    private const string EndOfValue = @"(?=\z|[ \t\n\v\f\r])";

    private static readonly Regex OurNginx = Ours(
        "(?<remote>[^ ]*)",
        "(?<host>[^ ]*)",
        $@"(?:(?>{Blank}+)(?:""(?<http_x_forwarded_for>(?:[^""\\]|\\.)*)""{EndOfValue}|(?!"")(?<http_x_forwarded_for>{NoBlank}+)))?");

    private static readonly Regex OurApache2 = Ours("(?<host>[^ ]*)", "[^ ]*", "");

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>By fluentd's expression; null if it refuses the line, or takes quotes and blanks for parts of a word.</summary>
    public static string? Fluentd(string text, bool isNginx)
    {
        var match = (isNginx ? FluentdNginx() : FluentdApache2()).Match(text);
        if (!match.Success || match.Groups["method"].ValueSpan.Contains('"') || match.Groups["code"].ValueSpan.Contains('"'))
        {
            return null;
        }

        var forwarded = match.Groups["http_x_forwarded_for"].ValueSpan;
        return Values(
            isNginx, match, match,
            forwarded.Length > 1 && forwarded[0] == '"' && forwarded[^1] == '"' ? forwarded[1..^1].ToString() : null);
    }

    /// <summary>By the grammar of ours, written as an expression.</summary>
    public static string? Ours(string text, bool isNginx)
    {
        var line = (isNginx ? OurNginx : OurApache2).Match(text);
        var request = Request().Match(line.Groups["request"].Value);
        return line.Success && request.Success ? Values(isNginx, line, request, null) : null;
    }

    private static Regex Ours(string client, string second, string forwarded)
    {
        const string Quoted = @"""(?<{0}>(?:[^""\\]|\\.)*)""";
        return new Regex(
            $@"\A(?>(?:(?<vhost>[^ ]*) (?!- ))??{client} {second} (?<user>[^ ]*) \[)(?<time>[^\]]*)\] "
            + $"{Named("request")} (?<code>[^ ]*) (?<size>[^ ]*)"
            + $"(?>(?: {Named("referer")} {Named("agent")}{EndOfValue}{forwarded})?)"
            + $@"(?:{Blank}*(?<extra>{NoBlank}(?:.*{NoBlank})?))?{Blank}*\z",
            RegexOptions.Singleline | RegexOptions.CultureInvariant);

        static string Named(string name) => Quoted.Replace("{0}", name, StringComparison.Ordinal);
    }

    private static string Values(bool isNginx, Match line, Match request, string? forwarded)
    {
        var fields = new Dictionary<string, object?>();
        Add("vhost", line.Groups["vhost"], false);
        Add("remote", line.Groups["remote"], false);
        Add("host", line.Groups["host"], true);
        Add("user", line.Groups["user"], true);
        Add("time", line.Groups["time"], false);
        Add("method", request.Groups["method"], false);
        Add("path", request.Groups["path"], false);
        Add("code", line.Groups["code"], true);
        Add("size", line.Groups["size"], true);
        Add("referer", line.Groups["referer"], true);
        Add("agent", line.Groups["agent"], true);
        Add("extra", line.Groups["extra"], false);
        AddForwarded();
        if (!isNginx)
        {
            MakeApache2();
        }

        return JsonSerializer.Serialize(fields, Plain);

        void Add(string name, Group group, bool isTyped)
        {
            if (group.Success)
            {
                fields[name] = isTyped && !isNginx && group.Value == "-" ? null : Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(group.Value));
            }
        }

        void AddForwarded()
        {
            Add("http_x_forwarded_for", line.Groups["http_x_forwarded_for"], false);
            if (forwarded is not null)
            {
                fields["http_x_forwarded_for"] = forwarded;
            }
        }

        void MakeApache2()
        {
            if (fields.Remove("remote", out var client))
            {
                fields["host"] = client is "-" ? null : client;
            }

            foreach (var name in (string[])["method", "path", "referer", "agent"])
            {
                fields.TryAdd(name, null);
            }

            fields["code"] = Number(fields["code"]) is > 0 and var code ? code : null;
            fields["size"] = Number(fields["size"]);
        }
    }

    private static long? Number(object? value) =>
        value is string text && Digits().IsMatch(text) ? long.Parse(text, CultureInfo.InvariantCulture) : null;

    [GeneratedRegex(@"\A0*[0-9]{1,18}\z")]
    private static partial Regex Digits();

    [GeneratedRegex(
        @"\A(?:(?<method>[^ \t\n\v\f\r]+)(?: +(?<path>.*?)(?: +[^ \t\n\v\f\r]*)?)?)?\z", RegexOptions.Singleline)]
    private static partial Regex Request();

    // fluentd v1.2, lib/fluent/plugin/parser_nginx.rb, with \s as Ruby means it; a record is one text here, and not lines.
    [GeneratedRegex(
        @"\A(?<remote>[^ ]*) (?<host>[^ ]*) (?<user>[^ ]*) \[(?<time>[^\]]*)\] ""(?<method>[^ \t\n\v\f\r]+)"
        + @"(?: +(?<path>[^""]*?)(?: +[^ \t\n\v\f\r]*)?)?"" (?<code>[^ ]*) (?<size>[^ ]*)"
        + @"(?: ""(?<referer>[^""]*)"" ""(?<agent>[^""]*)""(?:" + Blank + @"+(?<http_x_forwarded_for>[^ ]+))?)?\z")]
    private static partial Regex FluentdNginx();

    // fluentd v1.2, lib/fluent/plugin/parser_apache2.rb.
    [GeneratedRegex(
        @"\A(?<host>[^ ]*) [^ ]* (?<user>[^ ]*) \[(?<time>[^\]]*)\] ""(?<method>[^ \t\n\v\f\r]+)"
        + @"(?: +(?<path>(?:[^""]|\\.)*?)(?: +[^ \t\n\v\f\r]*)?)?"" (?<code>[^ ]*) (?<size>[^ ]*)"
        + @"(?: ""(?<referer>(?:[^""]|\\.)*)"" ""(?<agent>(?:[^""]|\\.)*)"")?\z")]
    private static partial Regex FluentdApache2();
}
