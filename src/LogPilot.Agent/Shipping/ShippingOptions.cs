namespace LogPilot.Agent.Shipping;

/// <summary>How documents are gathered into batches and where the batches go.</summary>
internal sealed record ShippingOptions
{
    public OutputKind Output { get; init; } = OutputKind.Console;

    /// <summary>A batch is sent when it holds this much, <c>LOGPILOT_BATCH_BYTES</c>.</summary>
    public int BatchBytes { get; init; } = 1024 * 1024;

    /// <summary>A batch is sent when it holds this many documents, <c>ELASTICSEARCH_BULK_MAX_SIZE</c>; zero for no such limit.</summary>
    public int BatchItemsMax { get; init; }

    /// <summary>A batch is sent when its first document is this old, <c>LOGPILOT_BATCH_AGE</c>.</summary>
    public TimeSpan BatchAge { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Batches in memory, filling and in flight together, <c>LOGPILOT_BATCHES</c>; none free means reading stops.</summary>
    public int BatchCount { get; init; } = 6;

    /// <summary>Requests in flight at most, <c>ELASTICSEARCH_WORKER</c>; fewer while the cluster does not keep up.</summary>
    public int Senders { get; init; } = 4;

    public ElasticsearchOptions Elasticsearch { get; init; } = new();

    public FileSinkOptions File { get; init; } = new();

    /// <summary>Indent the console's documents, <c>CONSOLE_PRETTY</c>.</summary>
    public bool ConsolePretty { get; init; }

    /// <summary>Directory of the dead-letter files: the state directory.</summary>
    public string DeadLetterDirectory { get; init; } = "";

    /// <summary>Bytes that the dead-letter files may take, <c>LOGPILOT_DEAD_LETTER_BYTES_MAX</c>; the oldest is given up first.</summary>
    public long DeadLetterBytesMax { get; init; } = 64 * 1024 * 1024;
}

/// <summary>The outputs that are built; log-pilot's other backends are refused by name at start.</summary>
internal enum OutputKind
{
    Console,
    Elasticsearch,
    File,
}

/// <summary>How Elasticsearch or OpenSearch is reached.</summary>
internal sealed record ElasticsearchOptions
{
    /// <summary>Absolute base addresses, path prefix included: <c>ELASTICSEARCH_HOSTS</c>, or <c>_HOST</c> and <c>_PORT</c>, with <c>_SCHEME</c> and <c>_PATH</c>.</summary>
    public IReadOnlyList<Uri> Hosts { get; init; } = [];

    public string User { get; init; } = "";
    public string Password { get; init; } = "";

    /// <summary><c>ELASTICSEARCH_API_KEY</c>: the base64 text that Elasticsearch gives out; empty for none.</summary>
    public string ApiKey { get; init; } = "";

    /// <summary>A PEM file with the authorities to trust instead of the system's, <c>ELASTICSEARCH_SSL_CA</c>.</summary>
    public string? CaFile { get; init; }

    /// <summary>PEM files of a client certificate, <c>ELASTICSEARCH_SSL_CERT</c> and <c>ELASTICSEARCH_SSL_KEY</c>.</summary>
    public string? CertificateFile { get; init; }
    public string? KeyFile { get; init; }

    /// <summary>False accepts any certificate, <c>ELASTICSEARCH_SSL_VERIFY=false</c>, with a warning at start.</summary>
    public bool VerifyCertificate { get; init; } = true;

    /// <summary>Compress requests, <c>LOGPILOT_GZIP</c>: less network for more CPU.</summary>
    public bool Gzip { get; init; }

    /// <summary>A request without an answer for so long is sent again, <c>LOGPILOT_REQUEST_TIMEOUT</c>; Filebeat's 90 s.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(90);

    public TimeSpan RetryDelayMin { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// Documents of a shard that is unavailable for so long leave memory and are read again later, so that other indexes go on.
    /// A node that restarts is back by then.
    /// </summary>
    public TimeSpan HoldAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest pause before a request or an index is tried again, <c>LOGPILOT_RETRY_DELAY_MAX</c>.</summary>
    public TimeSpan RetryDelayMax { get; init; } = TimeSpan.FromSeconds(30);
}

/// <summary>log-pilot's <c>file</c> output.</summary>
internal sealed record FileSinkOptions
{
    /// <summary>The directory, <c>FILE_PATH</c>.</summary>
    public string Directory { get; init; } = "";

    /// <summary><c>FILE_NAME</c>; Filebeat's default is its own name.</summary>
    public string Name { get; init; } = "filebeat";

    /// <summary><c>FILE_ROTATE_SIZE</c>, given in KiB.</summary>
    public long RotateBytes { get; init; } = 10240L * 1024;

    /// <summary>Files kept, the one written included, <c>FILE_NUMBER_OF_FILES</c>.</summary>
    public int FileCount { get; init; } = 7;

    /// <summary><c>FILE_PERMISSIONS</c>, octal.</summary>
    public UnixFileMode Permissions { get; init; } = UnixFileMode.UserRead | UnixFileMode.UserWrite;
}
