using System.Globalization;
using System.Text;

namespace LogPilot.Load.Logs;

/// <summary>Two million lines of Docker's json-file, 417 MB, the same bytes in every run.</summary>
internal static class Backlog
{
    public const int Lines = 2_000_000;

    private const int BufferBytes = 1 << 20;
    private const int Seed = 20_000;

    private static readonly string[] Paths = ["/", "/index.html", "/api/v1/orders", "/api/v1/orders/98231/items", "/static/app.js", "/login"];
    private static readonly string[] Agents =
    [
        "curl/8.5.0",
        "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15",
    ];

    /// <summary>Writes the file; its length.</summary>
    public static long Write(string path)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, BufferBytes);
        var random = new Random(Seed);
        var time = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        for (var number = 0; number < Lines; number++)
        {
            time = time.AddTicks(random.Next(1, 10_000));
            file.Write(Encoding.ASCII.GetBytes(Line(number, time, random)));
        }

        return file.Length;
    }

    // An access log: quotes are escaped, as in most lines that programs write.
    private static string Line(int number, DateTime time, Random random)
    {
        var path = Paths[random.Next(Paths.Length)];
        var agent = Agents[random.Next(Agents.Length)];
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"10.0.{random.Next(256)}.{random.Next(256)} - - [{time:dd/MMM/yyyy:HH:mm:ss} +0000] \\\"GET {path} HTTP/1.1\\\" 200 {random.Next(100_000)} \\\"{agent}\\\" {number}");
        var stream = number % 10 == 0 ? "stderr" : "stdout";
        return string.Create(
            CultureInfo.InvariantCulture, $"{{\"log\":\"{text}\\n\",\"stream\":\"{stream}\",\"time\":\"{time:yyyy-MM-ddTHH:mm:ss.fffffff}{number % 100:00}Z\"}}\n");
    }
}
