using LogPilot.Agent;
using LogPilot.Agent.Declarations;
using LogPilot.Agent.Files;
using LogPilot.Agent.Lines;
using LogPilot.Agent.Records;
using LogPilot.Agent.Tracking;
using Microsoft.Extensions.Logging;

namespace LogPilot.Aot.Options;

/// <summary>Reads the whole configuration from the environment.</summary>
internal static class OptionsReader
{
    /// <summary>Reads everything, also behind the first error, so that one start shows all that is wrong.</summary>
    /// <param name="environment">The environment of the process.</param>
    /// <param name="paths">The paths that mean something without being configured.</param>
    /// <param name="hostRoot">The host root of the command line; <c>LOGPILOT_HOST_ROOT</c> wins over it.</param>
    public static OptionsOutcome Read(
        IReadOnlyDictionary<string, string> environment, WellKnownPaths paths, string? hostRoot = null)
    {
        var reader = new VariableReader(environment);
        UnknownVariables.Check(reader);
        CheckFileForms(reader);

        var tracking = ReadTracking(reader, paths);
        var declarations = ReadDeclarations(reader);
        var tail = ReadTail(reader, paths, hostRoot);
        var options = new AgentOptions
        {
            Runtimes = new RuntimesReader(reader, paths, tail.HostRoot).Read(),
            Declarations = declarations,
            Tail = tail,
            Lines = new LineOptions { LineBytesMax = (int)reader.Size("LOGPILOT_LINE_BYTES_MAX") },
            Records = ReadRecords(reader, tail.HostRoot),
            Shipping = ShippingReader.Read(reader, paths, tracking.StateDirectory),
            Tracking = tracking,
            HostEnv = ReadHostEnv(environment, declarations.Prefixes),
            StopDeadline = reader.Duration("LOGPILOT_STOP_DEADLINE"),
            LogJson = reader.Choice("LOGPILOT_LOG_FORMAT") == "json",
            LogLevel = ReadLogLevel(reader),
        };

        return new OptionsOutcome(
            reader.Errors.Count == 0 ? options : null, reader.Errors, reader.Warnings, reader.Notices);
    }

    /// <summary>
    /// Reads only where the state is, for commands that look at an agent from outside: they must answer whatever else is wrong.
    /// </summary>
    public static TrackingOptions? ReadTracking(
        IReadOnlyDictionary<string, string> environment, WellKnownPaths paths, out IReadOnlyList<string> errors)
    {
        var reader = new VariableReader(environment);
        var options = ReadTracking(reader, paths);
        errors = reader.Errors;
        return errors.Count == 0 ? options : null;
    }

    private static void CheckFileForms(VariableReader reader)
    {
        foreach (var variable in EnvironmentVariables.All)
        {
            var fileName = variable.Name + EnvironmentVariables.FileSuffix;
            if (reader.IsSet(variable.Name) && reader.IsSet(fileName))
            {
                reader.Errors.Add($"{fileName}: {variable.Name} is set too; remove one of the two");
            }
        }
    }

    private static TrackingOptions ReadTracking(VariableReader reader, WellKnownPaths paths)
    {
        var fallback = !Directory.Exists(paths.StateDirectory) && Directory.Exists(paths.FilebeatStateDirectory)
            ? paths.FilebeatStateDirectory
            : paths.StateDirectory;
        return new TrackingOptions
        {
            StateDirectory = reader.AbsolutePath("LOGPILOT_STATE_DIR") ?? fallback,
            SyncInterval = reader.Duration("LOGPILOT_SYNC_INTERVAL"),
            HealthLagMax = reader.Duration("LOGPILOT_HEALTH_LAG_MAX"),
        };
    }

    private static DeclarationOptions ReadDeclarations(VariableReader reader)
    {
        var all = reader.Choice("LOGPILOT_COLLECT") == "all-stdout";
        var index = reader.Text("LOGPILOT_DEFAULT_INDEX") ?? EnvironmentVariables.Get("LOGPILOT_DEFAULT_INDEX").Default;
        if (!IndexText.IsName(index))
        {
            reader.Reject("LOGPILOT_DEFAULT_INDEX", index,
                "is not the name of an index; use lower-case letters, digits, '.', '-' and '_', and begin with a letter or digit");
        }

        if (!all && reader.Text("LOGPILOT_DEFAULT_INDEX") is not null)
        {
            reader.Warnings.Add("LOGPILOT_DEFAULT_INDEX is not used: LOGPILOT_COLLECT is not all-stdout");
        }

        return new DeclarationOptions
        {
            Prefixes = ReadPrefixes(reader),
            Strict = reader.Flag("LOGPILOT_STRICT_DECLARATIONS"),
            DefaultIndex = all ? index : null,
            ErrorOfTimeFormat = RecordFormats.ErrorOfTimeFormat,
        };
    }

    private static List<string> ReadPrefixes(VariableReader reader)
    {
        const string name = "PILOT_LOG_PREFIX";
        var text = reader.Text(name) ?? EnvironmentVariables.Get(name).Default;
        var prefixes = new List<string>();
        var changed = false;
        foreach (var item in text.Split(','))
        {
            var prefix = item.Trim();
            changed |= prefix.Length != item.Length || prefix.Length == 0;
            if (prefix.Length > 0 && !prefixes.Contains(prefix))
            {
                prefixes.Add(prefix);
            }
        }

        if (prefixes.Count == 0)
        {
            reader.Reject(name, text, "names no prefix; write it as aliyun,custom");
        }
        else if (changed)
        {
            // log-pilot kept the spaces, so such a prefix never matched there: logs may appear that were not collected before.
            reader.Warnings.Add($"{reader.Source(name)}: '{VariableReader.Shown(text)}' is read as '{string.Join(',', prefixes)}', "
                + "without spaces and empty items");
        }

        return prefixes;
    }

    private static TailOptions ReadTail(VariableReader reader, WellKnownPaths paths, string? hostRoot)
    {
        var fallback = hostRoot is not null
            ? Path.TrimEndingDirectorySeparator(Path.GetFullPath(hostRoot))
            : Directory.Exists(paths.MountedHostRoot) ? paths.MountedHostRoot : "/";
        var name = reader.Text("LOGPILOT_HOST_ROOT") is null && hostRoot is not null ? "-base" : "LOGPILOT_HOST_ROOT";
        var root = reader.AbsolutePath("LOGPILOT_HOST_ROOT") ?? fallback;
        if (!Directory.Exists(root))
        {
            reader.Reject(name, root, "is not a directory; mount the root of the host there, or correct the path");
        }

        return new TailOptions
        {
            HostRoot = root,
            ScanInterval = reader.Duration("LOGPILOT_SCAN_INTERVAL"),
            FilesPerDeclarationMax = (int)reader.Number("LOGPILOT_FILES_MAX"),
            HeldBytesMax = reader.Size("LOGPILOT_HELD_BYTES_MAX"),
            DiskFreePercentMin = (int)reader.Number("LOGPILOT_DISK_FREE_PERCENT_MIN"),
        };
    }

    private static RecordOptions ReadRecords(VariableReader reader, string hostRoot)
    {
        const string name = "LOGPILOT_INDEX_DATE_FORMAT";
        var format = reader.Text(name) ?? EnvironmentVariables.Get(name).Default;
        if (!IndexText.IsDateFormat(format))
        {
            reader.Reject(name, format, "is not a date format; use yyyy, yy, MM, dd, HH and the characters . - _, as yyyy.MM.dd");
        }

        var shape = reader.Choice("LOGPILOT_DOCUMENT") switch
        {
            "filebeat" => DocumentShape.Filebeat,
            "ecs" => DocumentShape.Ecs,
            _ => DocumentShape.LogPilot,
        };
        var node = reader.Text("NODE_NAME") ?? "";
        return new RecordOptions
        {
            NodeName = node,
            HostZone = reader.Text("TZ") ?? "",
            HostName = node.Length > 0 || shape == DocumentShape.LogPilot ? node : HostNameOf(hostRoot),
            IndexDateFormat = format,
            Shape = shape,
            Metadata = MetadataReader.Read(reader),
        };
    }

    // In a container the name of the machine is that of the container, and the host's stands in a file.
    private static string HostNameOf(string hostRoot)
    {
        var name = BoundedFile.TryRead(Path.Combine(hostRoot, "etc", "hostname"), out _)?.Trim();
        return string.IsNullOrEmpty(name) || name.Any(char.IsWhiteSpace) ? Environment.MachineName : name;
    }

    private static List<string> ReadHostEnv(
        IReadOnlyDictionary<string, string> environment, IReadOnlyList<string> prefixes) =>
        environment
            .Where(pair => prefixes.Any(prefix => pair.Key.StartsWith($"{prefix}_logs_", StringComparison.Ordinal)))
            .Select(pair => $"{pair.Key}={pair.Value}")
            .Order(StringComparer.Ordinal)
            .ToList();

    private static LogLevel ReadLogLevel(VariableReader reader) => reader.Choice("LOGPILOT_LOG_LEVEL") switch
    {
        "trace" => LogLevel.Trace,
        "debug" => LogLevel.Debug,
        "warn" => LogLevel.Warning,
        "error" => LogLevel.Error,
        _ => LogLevel.Information,
    };
}
