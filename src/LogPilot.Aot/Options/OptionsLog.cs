using Microsoft.Extensions.Logging;

namespace LogPilot.Aot.Options;

/// <summary>Says once, at start, what is worth knowing about a valid configuration.</summary>
internal static partial class OptionsLog
{
    public static void Write(ILogger logger, OptionsOutcome outcome)
    {
        foreach (var text in outcome.Warnings)
        {
            Questionable(logger, text);
        }

        foreach (var text in outcome.Notices)
        {
            Ineffective(logger, text);
        }
    }

    [LoggerMessage(600, LogLevel.Warning, "Configuration: {Text}")]
    private static partial void Questionable(ILogger logger, string text);

    [LoggerMessage(601, LogLevel.Information, "Configuration: {Text}")]
    private static partial void Ineffective(ILogger logger, string text);
}
