using LogPilot.Aot.Options;

namespace LogPilot.Aot;

/// <summary>What <c>--help</c> shows: every command and every variable.</summary>
internal static class HelpText
{
    private const string Commands = """
        logpilot collects the logs of containers and hosts and ships them to Elasticsearch.

        Usage:
          logpilot [run]                        the agent, in the foreground, until SIGTERM or SIGINT
          logpilot healthz                      exit code 0 only if the running agent makes progress
          logpilot status [--json] [--watch]    every source with its position and lag
          logpilot check [--json]               the configuration, and what is collected of each container
          logpilot resend                       sends the dead letters again, beside the running agent or without it
          logpilot version
          logpilot --help

        Exit codes: 0 done, 1 failed at run time, 2 wrong configuration or arguments.

        The agent is configured by environment variables. NAME_FILE=path reads the value of NAME from a file.
        Sizes are written as 65536, 64KiB, 1MiB; durations as 200ms, 5s, 2m, 1h.
        """;

    private const int Columns = 100;
    private const string Indent = "      ";

    public static void WriteTo(TextWriter output)
    {
        output.WriteLine(Commands);
        foreach (var section in EnvironmentVariables.All.GroupBy(variable => variable.Section))
        {
            output.WriteLine();
            output.WriteLine($"{Title(section.Key)}:");
            foreach (var variable in section)
            {
                output.WriteLine($"  {variable.Name}{Facts(variable)}");
                WriteWrapped(output, variable.Text);
            }
        }
    }

    public static string Title(VariableSection section) => section switch
    {
        VariableSection.FileAndConsole => "File and console",
        _ => section.ToString(),
    };

    private static string Facts(EnvironmentVariable variable)
    {
        var values = variable.Kind is VariableKind.Text ? "" : variable.Values;
        var standard = variable.Default.Length == 0 ? "" : $"default {variable.Default}";
        return (values.Length, standard.Length) switch
        {
            (0, 0) => "",
            (_, 0) => $"  ({values})",
            (0, _) => $"  ({standard})",
            _ => $"  ({values}; {standard})",
        };
    }

    private static void WriteWrapped(TextWriter output, string text)
    {
        var column = 0;
        foreach (var word in text.Split(' '))
        {
            if (column > 0 && column + 1 + word.Length > Columns)
            {
                output.WriteLine();
                column = 0;
            }

            var gap = column == 0 ? Indent : " ";
            output.Write(gap);
            output.Write(word);
            column += gap.Length + word.Length;
        }

        output.WriteLine();
    }
}
