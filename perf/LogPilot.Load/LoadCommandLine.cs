using System.Globalization;
using LogPilot.Load.Chaos;
using LogPilot.Load.Measurements;
using LogPilot.Load.Outages;
using LogPilot.Load.Processes;

namespace LogPilot.Load;

/// <summary>What the user asks for.</summary>
internal sealed record LoadCommandLine
{
    private const int RunsDefault = 3;

    public string Command { get; private init; } = "";

    /// <summary>The benchmarks or worlds to run; none for the usual ones.</summary>
    public IReadOnlyList<string> Names { get; private init; } = [];

    public int Runs { get; private init; } = RunsDefault;

    public int? Kills { get; private init; }

    public int Seed { get; private init; }

    /// <summary>How long an outage lasts, a part of a minute as well.</summary>
    public TimeSpan Lasts { get; private init; } = TimeSpan.FromMinutes(OutageOptions.MinutesDefault);

    public int LinesPerSecond { get; private init; } = OutageOptions.LinesPerSecondDefault;

    /// <summary>What the agent may hold of deleted files.</summary>
    public int HeldMiB { get; private init; } = OutageOptions.HeldMiBDefault;

    private string? Agent { get; init; }

    public static string Usage =>
        $"""
        load bench [{BenchCommand.Names}] [--runs N]
        load chaos [{ChaosPlan.Names}] [--kills N] [--seed N]
        load soak  [the same], longer
        load outage [--minutes N] [--rate LINES_PER_SECOND] [--held MIB] [--seed N]
        All take --agent PATH, the executable; else it is LOGPILOT_EXECUTABLE, else artifacts/logpilot.
        """;

    /// <summary>Throws <see cref="LoadException"/> for what cannot be understood.</summary>
    public static LoadCommandLine Parse(string[] arguments)
    {
        if (arguments is not [var command, .. var rest])
        {
            throw new LoadException(Usage);
        }

        var line = new LoadCommandLine { Command = command, Seed = Random.Shared.Next() };
        var names = new List<string>();
        for (var i = 0; i < rest.Length; i++)
        {
            if (!rest[i].StartsWith("--", StringComparison.Ordinal))
            {
                names.Add(rest[i]);
                continue;
            }

            var value = i + 1 < rest.Length ? rest[i + 1] : throw new LoadException($"{rest[i]} needs a value.\n{Usage}");
            line = rest[i++] switch
            {
                "--agent" => line with { Agent = value },
                "--runs" => line with { Runs = Number(value) },
                "--kills" => line with { Kills = Number(value) },
                "--minutes" => line with { Lasts = Minutes(value) },
                "--rate" => line with { LinesPerSecond = Number(value) },
                "--held" => line with { HeldMiB = Number(value) },
                "--seed" => line with { Seed = Number(value) },
                var option => throw new LoadException($"There is no option {option}.\n{Usage}"),
            };
        }

        return line with { Names = names };
    }

    /// <summary>The agent to run; throws <see cref="LoadException"/> if there is none.</summary>
    public string Executable()
    {
        var path = Path.GetFullPath(Agent ?? Environment.GetEnvironmentVariable("LOGPILOT_EXECUTABLE") ?? Built());
        return File.Exists(path) ? path : throw new LoadException($"{path} does not exist: run make build, or name another with --agent.");
    }

    private static string Built() => Path.Combine(Repository.FindRoot() ?? "", "artifacts", "logpilot");

    private static int Number(string value) =>
        int.TryParse(value, CultureInfo.InvariantCulture, out var number) && number >= 0
            ? number
            : throw new LoadException($"{value} is not a number.\n{Usage}");

    private static TimeSpan Minutes(string value) =>
        double.TryParse(value, CultureInfo.InvariantCulture, out var minutes) && minutes is > 0 and < 100_000
            ? TimeSpan.FromMinutes(minutes)
            : throw new LoadException($"{value} is no time.\n{Usage}");
}
