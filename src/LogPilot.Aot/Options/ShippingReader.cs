using System.Globalization;
using LogPilot.Agent.Shipping;

namespace LogPilot.Aot.Options;

/// <summary>Reads which output is used, how it is reached and how documents are gathered for it.</summary>
internal static class ShippingReader
{
    /// <summary>The outputs of both flavours of log-pilot that this agent does not have.</summary>
    private static readonly string[] NotBuilt =
        ["logstash", "kafka", "redis", "count", "graylog", "aliyun_sls", "syslog", "null", "flowcounter"];

    public static ShippingOptions Read(VariableReader reader, WellKnownPaths paths, string stateDirectory)
    {
        var output = ReadOutput(reader);
        var (senders, batches) = ReadCounts(reader);
        return new ShippingOptions
        {
            Output = output,
            BatchBytes = (int)reader.Size("LOGPILOT_BATCH_BYTES"),
            BatchItemsMax = (int)reader.Number("ELASTICSEARCH_BULK_MAX_SIZE"),
            BatchAge = reader.Duration("LOGPILOT_BATCH_AGE"),
            BatchCount = batches,
            Senders = senders,
            Elasticsearch = output == OutputKind.Elasticsearch ? ElasticsearchReader.Read(reader, paths) : new(),
            File = output == OutputKind.File ? ReadFile(reader) : new(),
            ConsolePretty = reader.Flag("CONSOLE_PRETTY"),
            DeadLetterDirectory = stateDirectory,
            DeadLetterBytesMax = reader.Size("LOGPILOT_DEAD_LETTER_BYTES_MAX"),
        };
    }

    private static OutputKind ReadOutput(VariableReader reader)
    {
        var engineName = reader.Choice("PILOT_TYPE") == "fluentd" ? "FLUENTD_OUTPUT" : "FILEBEAT_OUTPUT";
        var name = reader.Text(engineName) is null ? "LOGGING_OUTPUT" : engineName;
        if (reader.Text(name) is not { } text)
        {
            WarnOfUnusedHosts(reader, "LOGGING_OUTPUT is not set");
            return OutputKind.Console;
        }

        switch (text.ToLowerInvariant())
        {
            case "elasticsearch":
                return OutputKind.Elasticsearch;
            case "file":
                return OutputKind.File;
            case "console" or "stdout":
                WarnOfUnusedHosts(reader, $"{reader.Source(name)} is {text}");
                return OutputKind.Console;
            case var output when NotBuilt.Contains(output):
                reader.Reject(name, text, "is an output of log-pilot that is not supported yet; use elasticsearch, file or console");
                return OutputKind.Console;
            default:
                reader.Reject(name, text, "is no output; use elasticsearch, file or console");
                return OutputKind.Console;
        }
    }

    // The likeliest mistake of a first try: everything is set, and nothing arrives.
    private static void WarnOfUnusedHosts(VariableReader reader, string reason)
    {
        foreach (var name in (string[])["ELASTICSEARCH_HOSTS", "ELASTICSEARCH_HOST"])
        {
            if (reader.IsSet(name) || reader.IsSet(name + EnvironmentVariables.FileSuffix))
            {
                reader.Warnings.Add($"{reader.Source(name)} is not used: {reason}, so documents go to standard output; "
                    + "set LOGGING_OUTPUT=elasticsearch");
                return;
            }
        }
    }

    /// <summary>Requests in flight and batches in memory: at least one more than are sent, which is filled meanwhile.</summary>
    private static (int Senders, int Batches) ReadCounts(VariableReader reader)
    {
        var senders = (int)reader.Number("ELASTICSEARCH_WORKER");
        var batches = (int)reader.Number("LOGPILOT_BATCHES");
        if (batches > senders)
        {
            return (senders, batches);
        }

        if (reader.Text("ELASTICSEARCH_WORKER") is null)
        {
            return (batches - 1, batches);
        }

        if (reader.Text("LOGPILOT_BATCHES") is { } text)
        {
            reader.Reject("LOGPILOT_BATCHES", text, string.Create(
                CultureInfo.InvariantCulture, $"leaves no batch to fill while ELASTICSEARCH_WORKER={senders} are sent; set at least {senders + 1}"));
        }

        return (senders, senders + 1);
    }

    private static FileSinkOptions ReadFile(VariableReader reader)
    {
        if (reader.Text("FILE_PATH") is null)
        {
            reader.Errors.Add("FILE_PATH required: set it to the directory of the output file");
        }

        var name = reader.Text("FILE_NAME") ?? EnvironmentVariables.Get("FILE_NAME").Default;
        if (name.Contains('/') || name is "." or "..")
        {
            reader.Reject("FILE_NAME", name, "is not a file name; put the directory into FILE_PATH");
        }

        return new FileSinkOptions
        {
            Directory = reader.AbsolutePath("FILE_PATH") ?? "",
            Name = name,
            RotateBytes = reader.Number("FILE_ROTATE_SIZE") * 1024,
            FileCount = (int)reader.Number("FILE_NUMBER_OF_FILES"),
            Permissions = ReadPermissions(reader),
        };
    }

    private static UnixFileMode ReadPermissions(VariableReader reader)
    {
        var text = reader.Text("FILE_PERMISSIONS") ?? EnvironmentVariables.Get("FILE_PERMISSIONS").Default;
        var digits = text.StartsWith("0o", StringComparison.Ordinal) ? text[2..] : text;
        if (digits.Length is 3 or 4 && !digits.AsSpan().ContainsAnyExceptInRange('0', '7') && (digits.Length == 3 || digits[0] == '0'))
        {
            return (UnixFileMode)Convert.ToInt32(digits, 8);
        }

        reader.Reject("FILE_PERMISSIONS", text, "is not an octal mode; write it as 0600, at most 0777");
        return default;
    }
}
