using System.Diagnostics.CodeAnalysis;

namespace LogPilot.Agent.Shipping;

/// <summary>Makes the sink that the options name.</summary>
internal static class SinkFactory
{
    /// <summary>False with the variable to mend if the sink cannot work as configured, such as with a certificate that is none.</summary>
    public static bool TryCreate(
        ShippingOptions options, Stream console, SinkContext context, [NotNullWhen(true)] out ISink? sink, out string error)
    {
        sink = null;
        error = "";
        switch (options.Output)
        {
            case OutputKind.Console:
                sink = new ConsoleSink(console, options.ConsolePretty, context);
                return true;
            case OutputKind.File:
                sink = new FileSink(options.File, context);
                return true;
            case OutputKind.Elasticsearch:
                if (!TlsMaterial.TryLoad(options.Elasticsearch, out var tls, out error))
                {
                    return false;
                }

                sink = new ElasticsearchSink(
                    new ElasticsearchClient(options.Elasticsearch, tls, options.Senders, context.Time),
                    options.Elasticsearch,
                    new DeadLetters(options.DeadLetterDirectory, options.DeadLetterBytesMax, context.Time),
                    context);
                return true;
            default:
                throw new ArgumentOutOfRangeException(nameof(options), options.Output, "No such output.");
        }
    }
}
