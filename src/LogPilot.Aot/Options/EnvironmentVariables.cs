using System.Collections.Frozen;
using static LogPilot.Aot.Options.VariableKind;
using static LogPilot.Aot.Options.VariableSection;

namespace LogPilot.Aot.Options;

/// <summary>Every environment variable that the agent understands, in the order in which they are shown.</summary>
internal static class EnvironmentVariables
{
    /// <summary>What a name ends in when the value stands in a file.</summary>
    public const string FileSuffix = "_FILE";

    /// <summary>What a name begins with that log-pilot does not have; only these can be unknown.</summary>
    public const string OwnPrefix = "LOGPILOT_";

    public static readonly IReadOnlyList<EnvironmentVariable> All =
    [
        new("PILOT_LOG_PREFIX", Collecting, VariableKind.Text, "aliyun",
            "Comma list of the prefixes of labels and env that declare logs; replaces the default."),
        new("PILOT_TYPE", Collecting, Choice, "filebeat",
            "Kept for old manifests: says whether FILEBEAT_OUTPUT or FLUENTD_OUTPUT overrides LOGGING_OUTPUT.")
            { Choices = ["filebeat", "fluentd"] },
        new("NODE_NAME", Collecting, VariableKind.Text, "",
            "Field k8s_node_name of every document; Kubernetes gives it as spec.nodeName. Empty leaves the field out."),
        new("LOGPILOT_HOST_ROOT", Collecting, FilePath, "/host if it exists, else /",
            "Where the root directory of the host is seen; containers mount it at /host."),
        new("LOGPILOT_COLLECT", Collecting, Choice, "declared",
            "all-stdout also collects the standard output of containers that declare nothing.")
            { Choices = ["declared", "all-stdout"] },
        new("LOGPILOT_DEFAULT_INDEX", Collecting, VariableKind.Text, "logs",
            "The index of what LOGPILOT_COLLECT=all-stdout collects without a declaration."),
        new("LOGPILOT_STRICT_DECLARATIONS", Collecting, Flag, "false",
            "One bad log rejects all logs of its container, as in log-pilot."),
        new("LOGPILOT_INDEX_DATE_FORMAT", Collecting, VariableKind.Text, "yyyy.MM.dd",
            "The date behind each index name, UTC: yyyy, yy, MM, dd, HH and the characters . - _. log-pilot's is a day."),
        new("TZ", Collecting, VariableKind.Text, "UTC",
            "The zone of times without one in the host's own logs; a container's logs have the zone of its own TZ."),
        new("LOGPILOT_METADATA", Collecting, VariableKind.Text, "",
            "What else of a container is in its documents: comma list of container_id, image, pod_uid, label:NAME, env:NAME; each costs bytes in every document."),
        new("LOGPILOT_DOCUMENT", Collecting, Choice, "logpilot",
            "The names of the fields: logpilot's; filebeat adds beat.* and prospector.type as log-pilot's Filebeat wrote them; ecs for the Elastic Common Schema.")
            { Choices = ["logpilot", "filebeat", "ecs"] },
        Sized("LOGPILOT_LINE_BYTES_MAX", Collecting, "1MiB", "1KiB", "64MiB",
            "Longer lines are cut here and marked log.truncated; one line must not take the agent's memory."),
        Counted("LOGPILOT_FILES_MAX", Collecting, "1000", "1", "100000",
            "Files that one declaration may have open; a container must not take all descriptors."),
        Sized("LOGPILOT_HELD_BYTES_MAX", Collecting, "4GiB", "1MiB", "1024GiB",
            "Deleted files that may be held open until they are delivered: an hour of 1 MiB a second; the oldest are given up first."),
        Counted("LOGPILOT_DISK_FREE_PERCENT_MIN", Collecting, "5", "0", "50",
            "Below this share of free space deleted files are not held any longer: half of what kubelet begins to evict pods at."),
        Timed("LOGPILOT_SCAN_INTERVAL", Collecting, "30s", "1s", "1h",
            "How often directories are compared with what inotify said; a safety net, so it may be slow."),

        new("LOGPILOT_RUNTIMES", Runtimes, VariableKind.Text, "",
            "Comma list of the container runtimes to watch: docker, containerd, cri-o. Empty is each whose socket exists; if none does, Docker is waited for."),
        new("CONTAINER_RUNTIME_ENDPOINT", Runtimes, VariableKind.Text, "",
            "The socket of containerd or CRI-O, as crictl has it: unix://PATH. Empty looks at their usual places, also below LOGPILOT_HOST_ROOT."),
        new("DOCKER_HOST", Runtimes, VariableKind.Text, "unix:///var/run/docker.sock",
            "The Docker Engine: unix://PATH or tcp://HOST:PORT. Its own default is also looked for below LOGPILOT_HOST_ROOT."),
        new("DOCKER_API_VERSION", Runtimes, VariableKind.Text, "",
            "The newest API version to speak, as 1.44. Empty takes what the engine offers."),
        new("DOCKER_TLS_VERIFY", Runtimes, Flag, "false",
            "Refused when true: TLS to the Docker Engine is not supported yet."),
        Timed("LOGPILOT_RECONCILE_INTERVAL", Runtimes, "1m", "1s", "1h",
            "How often the list of containers is compared with what the events of the Docker Engine said."),

        new("LOGGING_OUTPUT", Output, Choice, "console",
            "Where documents go. Empty is console, as in log-pilot: one JSON document a line on standard output.")
            { Choices = ["console", "elasticsearch", "file"] },
        new("FILEBEAT_OUTPUT", Output, Choice, "",
            "Overrides LOGGING_OUTPUT unless PILOT_TYPE is fluentd.")
            { Choices = ["console", "elasticsearch", "file"] },
        new("FLUENTD_OUTPUT", Output, Choice, "",
            "Overrides LOGGING_OUTPUT if PILOT_TYPE is fluentd.")
            { Choices = ["console", "elasticsearch", "file"] },
        Sized("LOGPILOT_BATCH_BYTES", Output, "1MiB", "64KiB", "64MiB",
            "A batch is sent when it holds this much; Elasticsearch refuses requests above 100 MiB."),
        Timed("LOGPILOT_BATCH_AGE", Output, "100ms", "1ms", "1m",
            "A batch is sent when its first document is this old: the delay of a quiet log."),
        Counted("LOGPILOT_BATCHES", Output, "6", "2", "256",
            "Batches in memory, filling and in flight together; none free means reading stops. More if ELASTICSEARCH_WORKER needs it."),
        Sized("LOGPILOT_DEAD_LETTER_BYTES_MAX", Output, "64MiB", "1MiB", "1024GiB",
            "Disk that documents may take which Elasticsearch refused for good; the oldest are given up first."),

        new("ELASTICSEARCH_HOSTS", Elasticsearch, VariableKind.Text, "",
            "Comma list of host, host:port or URL; the port is 9200 where none is given."),
        new("ELASTICSEARCH_HOST", Elasticsearch, VariableKind.Text, "",
            "One host, with ELASTICSEARCH_PORT; read if ELASTICSEARCH_HOSTS is not set."),
        new("ELASTICSEARCH_PORT", Elasticsearch, VariableKind.Text, "",
            "The port of ELASTICSEARCH_HOST; required with it, as in log-pilot."),
        new("ELASTICSEARCH_SCHEME", Elasticsearch, Choice, "http",
            "The scheme of hosts that are no URLs.")
            { Choices = ["http", "https"] },
        new("ELASTICSEARCH_PATH", Elasticsearch, VariableKind.Text, "",
            "The path before every request, for a server behind a proxy; a URL with a path keeps its own."),
        new("ELASTICSEARCH_USER", Elasticsearch, VariableKind.Text, "",
            "User name; /run/secrets/es_credential with user:password wins over it, as in log-pilot."),
        new("ELASTICSEARCH_PASSWORD", Elasticsearch, Secret, "",
            "Password of ELASTICSEARCH_USER."),
        new("ELASTICSEARCH_API_KEY", Elasticsearch, Secret, "",
            "API key instead of a user: the base64 text that Elasticsearch returns as encoded."),
        new("ELASTICSEARCH_SSL_CA", Elasticsearch, FilePath, "",
            "PEM file with the authorities to trust instead of the system's."),
        new("ELASTICSEARCH_SSL_CERT", Elasticsearch, FilePath, "",
            "PEM file with the certificate of the agent; needs ELASTICSEARCH_SSL_KEY."),
        new("ELASTICSEARCH_SSL_KEY", Elasticsearch, FilePath, "",
            "PEM file with the key of ELASTICSEARCH_SSL_CERT."),
        new("ELASTICSEARCH_SSL_VERIFY", Elasticsearch, Flag, "true",
            "false accepts any certificate, with a warning at start."),
        Counted("ELASTICSEARCH_WORKER", Elasticsearch, "4", "1", "64",
            "Requests in flight at most, over all hosts; fewer while a host refuses them (429, 503) or is slow."),
        Counted("ELASTICSEARCH_BULK_MAX_SIZE", Elasticsearch, "0", "0", "1000000",
            "A batch is sent when it holds this many documents; 0 leaves it to LOGPILOT_BATCH_BYTES."),
        new("ELASTICSEARCH_INDEX", Elasticsearch, VariableKind.Text, "",
            "Accepted and ignored: every log has an index of its own."),
        new("LOGPILOT_GZIP", Elasticsearch, Flag, "false",
            "Compress requests: less network for more CPU."),
        Timed("LOGPILOT_REQUEST_TIMEOUT", Elasticsearch, "90s", "1s", "1h",
            "A request without an answer for so long is sent again; Filebeat's default."),
        Timed("LOGPILOT_RETRY_DELAY_MAX", Elasticsearch, "30s", "200ms", "1h",
            "The longest pause before a request or an index is tried again."),

        new("FILE_PATH", FileAndConsole, FilePath, "",
            "The directory of the output file; required with LOGGING_OUTPUT=file."),
        new("FILE_NAME", FileAndConsole, VariableKind.Text, "filebeat",
            "The name of the output file; log-pilot's."),
        Counted("FILE_ROTATE_SIZE", FileAndConsole, "10240", "1", "1073741824",
            "A new output file is begun at this size, in KiB; log-pilot's."),
        Counted("FILE_NUMBER_OF_FILES", FileAndConsole, "7", "2", "1024",
            "Output files kept, the one written included; log-pilot's."),
        new("FILE_PERMISSIONS", FileAndConsole, VariableKind.Text, "0600",
            "The mode of the output files, octal; log-pilot's."),
        new("CONSOLE_PRETTY", FileAndConsole, Flag, "false",
            "Indent the documents of the console output."),

        new("LOGPILOT_STATE_DIR", Process, FilePath, "/var/lib/logpilot, or /var/lib/filebeat if only that exists",
            "The checkpoint and the dead letters; keep it over restarts."),
        Timed("LOGPILOT_SYNC_INTERVAL", Process, "1s", "10ms", "5m",
            "How often the checkpoint is forced to disk: what a power cut can make to be sent again."),
        Timed("LOGPILOT_HEALTH_LAG_MAX", Process, "5m", "10s", "24h",
            "healthz fails when a line waits longer than this for its acknowledgement."),
        Timed("LOGPILOT_STOP_DEADLINE", Process, "20s", "1s", "10m",
            "How long a stop may take to deliver what is in memory; Kubernetes kills after 30 s."),
        new("LOGPILOT_LOG_FORMAT", Process, Choice, "text",
            "The agent's own log on standard error: text, or one JSON object an event.")
            { Choices = ["text", "json"] },
        new("LOGPILOT_LOG_LEVEL", Process, Choice, "info",
            "The least important event of the agent's own log.")
            { Choices = ["trace", "debug", "info", "warn", "error"] },
    ];

    private static readonly FrozenDictionary<string, EnvironmentVariable> ByName =
        All.ToFrozenDictionary(variable => variable.Name, StringComparer.Ordinal);

    /// <summary>The variable of this name; an unknown name is a bug.</summary>
    public static EnvironmentVariable Get(string name) => ByName[name];

    public static bool IsKnown(string name) => ByName.ContainsKey(name);

    private static EnvironmentVariable Counted(
        string name, VariableSection section, string value, string minimum, string maximum, string text) =>
        new(name, section, Number, value, text) { Minimum = minimum, Maximum = maximum };

    private static EnvironmentVariable Sized(
        string name, VariableSection section, string value, string minimum, string maximum, string text) =>
        new(name, section, Size, value, text) { Minimum = minimum, Maximum = maximum };

    private static EnvironmentVariable Timed(
        string name, VariableSection section, string value, string minimum, string maximum, string text) =>
        new(name, section, Duration, value, text) { Minimum = minimum, Maximum = maximum };
}
