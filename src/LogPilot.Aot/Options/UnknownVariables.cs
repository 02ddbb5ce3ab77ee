using System.Text.RegularExpressions;

namespace LogPilot.Aot.Options;

/// <summary>Finds names that begin with <c>LOGPILOT_</c> and mean nothing, which are typing mistakes.</summary>
internal static partial class UnknownVariables
{
    /// <summary>More letters apart than this, and a suggestion would puzzle more than it helps.</summary>
    private const int DistanceMax = 4;

    public static void Check(VariableReader reader)
    {
        foreach (var name in reader.Environment.Keys.Order(StringComparer.Ordinal))
        {
            if (name.StartsWith(EnvironmentVariables.OwnPrefix, StringComparison.Ordinal)
                && !IsKnown(name)
                && !ServiceLink().IsMatch(name))
            {
                reader.Errors.Add(Nearest(name) is { } nearest
                    ? $"{name}: unknown variable; did you mean {nearest}? Correct or remove it"
                    : $"{name}: unknown variable; remove it (logpilot --help lists every variable)");
            }
        }
    }

    private static bool IsKnown(string name) =>
        EnvironmentVariables.IsKnown(name)
        || (name.EndsWith(EnvironmentVariables.FileSuffix, StringComparison.Ordinal)
            && EnvironmentVariables.IsKnown(name[..^EnvironmentVariables.FileSuffix.Length]));

    private static string? Nearest(string name)
    {
        var nearest = EnvironmentVariables.All
            .Where(variable => variable.Name.StartsWith(EnvironmentVariables.OwnPrefix, StringComparison.Ordinal))
            .MinBy(variable => Distance(name, variable.Name))!;
        return Distance(name, nearest.Name) <= DistanceMax ? nearest.Name : null;
    }

    /// <summary>Letters to insert, delete or replace to come from one name to the other.</summary>
    private static int Distance(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var replaced = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }

    // Kubernetes sets these in every pod for a service named logpilot or logpilot-something; nobody chose them.
    // https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables
    [GeneratedRegex("^LOGPILOT_([A-Z0-9_]+_)?(SERVICE_HOST|SERVICE_PORT(_[A-Z0-9_]+)?|PORT(_[0-9]+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?)$",
        RegexOptions.CultureInvariant)]
    private static partial Regex ServiceLink();
}
