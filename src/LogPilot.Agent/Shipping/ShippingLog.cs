using Microsoft.Extensions.Logging;

namespace LogPilot.Agent.Shipping;

/// <summary>What the sinks tell in the agent's log.</summary>
internal static partial class ShippingLog
{
    [LoggerMessage(400, LogLevel.Information, "connected: {Server}")]
    public static partial void Connected(this ILogger logger, string server);

    [LoggerMessage(401, LogLevel.Warning, "waiting for the server: {Cause} ({Suppressed} more since the last message)")]
    public static partial void ServerNotReady(this ILogger logger, string cause, long suppressed);

    [LoggerMessage(402, LogLevel.Warning, "deliveries are held up, nothing is lost: {Cause} ({Suppressed} more since the last message)")]
    public static partial void DeliveryDelayed(this ILogger logger, string cause, long suppressed);

    [LoggerMessage(403, LogLevel.Warning, "an index is held, its lines are read again later: {Cause} ({Suppressed} more since the last message)")]
    public static partial void IndexHeld(this ILogger logger, string cause, long suppressed);

    [LoggerMessage(404, LogLevel.Information, "index {Index} takes documents again ({Suppressed} more since the last message)")]
    public static partial void IndexReleased(this ILogger logger, string index, long suppressed);

    [LoggerMessage(405, LogLevel.Warning, "index {Index} refuses a document of {Source}; it goes as plain message: {Reason} ({Suppressed} more since the last message)")]
    public static partial void DocumentSimplified(this ILogger logger, string index, string source, string reason, long suppressed);

    [LoggerMessage(406, LogLevel.Error, "index {Index} refuses a document of {Source} in every form; it is kept in {File}: {Reason} ({Suppressed} more since the last message)")]
    public static partial void DocumentRefused(this ILogger logger, string index, string source, string file, string reason, long suppressed);

    [LoggerMessage(407, LogLevel.Error, "refused documents cannot be kept, so they are sent again: {Cause} ({Suppressed} more since the last message)")]
    public static partial void DeadLettersFailed(this ILogger logger, string cause, long suppressed);

    [LoggerMessage(408, LogLevel.Error, "documents cannot be written and wait: {Cause} ({Suppressed} more since the last message)")]
    public static partial void WriteFailed(this ILogger logger, string cause, long suppressed);

    [LoggerMessage(409, LogLevel.Warning, "the server's certificate is not verified (ELASTICSEARCH_SSL_VERIFY=false): anybody on the way can read and change what is sent")]
    public static partial void CertificateNotVerified(this ILogger logger);
}
