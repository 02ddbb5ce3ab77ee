namespace LogPilot.Agent.Tests.Records.Formats;

/// <summary>Lines of access logs as nginx and Apache write them: real-looking ones, and any number made of parts.</summary>
internal static class AccessLogLines
{
    public static readonly IReadOnlyList<string> Samples =
    [
        """203.0.113.9 - - [11/Oct/2023:14:32:52 +0000] "GET /index.html?q=1 HTTP/1.1" 200 5316 "https://example.com/" "Mozilla/5.0 (X11; Linux x86_64)" """.TrimEnd(),
        """203.0.113.9 - alice [11/Oct/2023:14:32:52 +0000] "POST /api HTTP/2.0" 201 0 "-" "curl/8.4.0" "198.51.100.7, 10.0.0.1" """.TrimEnd(),
        """2001:db8::1 - - [11/Oct/2023:14:32:52 +0000] "GET / HTTP/1.1" 304 0 "-" "-" "-" 0.004 0.003 .""",
        """127.0.0.1 - frank [10/Oct/2000:13:55:36 -0700] "GET /apache_pb.gif HTTP/1.0" 200 2326""",
        """www.example.com:443 192.0.2.4 - - [10/Oct/2000:13:55:36 -0700] "GET /a b HTTP/1.1" 404 196 "-" "a \"quoted\" agent" """.TrimEnd(),
        """192.0.2.4 - - [10/Oct/2000:13:55:36 -0700] "-" 408 - "-" "-" """.TrimEnd(),
        """192.0.2.4 - - [10/Oct/2000:13:55:36 -0700] "" 400 0 "-" "-" """.TrimEnd(),
        """192.0.2.4 - - [10/Oct/2000:13:55:36 -0700] "\x16\x03\x01\x02" 400 226 "-" "-" """.TrimEnd(),
    ];

    private static readonly string[] Hosts = ["203.0.113.9", "2001:db8::1", "unix:", "client.example.com", "-", "", "::ffff:10.0.0.1"];
    private static readonly string[] Users = ["-", "-", "-", "alice", "\\\"\\\"", "CORP\\\\bob", "ü"];
    private static readonly string[] Times = ["11/Oct/2023:14:32:52 +0000", "2023-10-11T14:32:52+00:00", ""];
    private static readonly string[] Codes = ["200", "200", "404", "499", "0", "-", "000", "007", "2xx"];
    private static readonly string[] Sizes = ["0", "5316", "-", "00", "18446744073709551615", "999999999999999999"];
    private static readonly string[] Words = ["GET", "/", "/a", "HTTP/1.1", " ", "  ", "POST", "\\x16\\x03", "%20", "ü語", "-", "{0}", "\\t", "?a=[b]&c"];
    private static readonly string[] Texts = ["-", "-", "", "curl/8.4.0", "Mozilla/5.0 (X11; Linux)", "a {0} b", "{0}{0}", "https://example.com/?q={0} {0}", " x "];
    private static readonly string[] Forwarded = ["", "", " \"-\"", " \"198.51.100.7\"", " \"198.51.100.7, 10.0.0.1\"", " 10.0.0.1", " -"];
    private static readonly string[] Extras = ["", "", "", " 0.004", " \"upstream\" 0.004 0.003", " "];

    /// <summary>A line as one of the two could have written it, with a log format of somebody.</summary>
    public static string Make(Random random, bool isNginx)
    {
        var request = random.Next(12) switch
        {
            0 => "",
            1 => "-",
            _ => string.Concat(Enumerable.Range(0, random.Next(1, 7)).Select(_ => One(Words))).TrimStart(),
        };
        var vhost = random.Next(6) == 0 ? "www.example.com:443 " : "";
        var line = $"{vhost}{One(Hosts)} - {One(Users)} [{One(Times)}] \"{request}\" {One(Codes)} {One(Sizes)}";
        if (random.Next(4) > 0)
        {
            line += $" \"{One(Texts)}\" \"{One(Texts)}\"" + One(isNginx ? Forwarded : [""]);
        }

        // nginx writes a quote as \x22.
        return (line + One(Extras)).Replace("{0}", isNginx ? "\\x22" : "\\\"", StringComparison.Ordinal);

        string One(string[] choices) => choices[random.Next(choices.Length)];
    }
}
