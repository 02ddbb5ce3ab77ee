using LogPilot.Agent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace LogPilot.Aot;

/// <summary>The agent's own log: one line an event on standard error, since standard output belongs to the documents.</summary>
internal static class AgentLog
{
    private const string TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";

    /// <summary>The caller disposes the factory at the very end: that writes what is still queued.</summary>
    public static ILoggerFactory Create(AgentOptions options) => LoggerFactory.Create(builder =>
    {
        builder.SetMinimumLevel(options.LogLevel);
        if (options.LogJson)
        {
            builder.AddJsonConsole(format =>
            {
                format.TimestampFormat = TimestampFormat.TrimEnd();
                format.UseUtcTimestamp = true;
            });
        }
        else
        {
            builder.AddSimpleConsole(format =>
            {
                format.TimestampFormat = TimestampFormat;
                format.UseUtcTimestamp = true;
                format.SingleLine = true;
                format.ColorBehavior = LoggerColorBehavior.Disabled;
            });
        }

        builder.AddConsole(console =>
        {
            console.LogToStandardErrorThreshold = LogLevel.Trace;

            // Nobody reading standard error must not stop the shipping of logs; the console says how many events it dropped.
            console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite;
        });
    });
}
