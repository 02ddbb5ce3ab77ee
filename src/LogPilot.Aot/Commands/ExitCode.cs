namespace LogPilot.Aot.Commands;

/// <summary>What the process tells its caller at its end.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>It could not do its work.</summary>
    public const int Failed = 1;

    /// <summary>The configuration or the command line is wrong; every error was printed.</summary>
    public const int WrongConfiguration = 2;
}
