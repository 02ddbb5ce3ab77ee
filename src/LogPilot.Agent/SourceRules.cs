using System.Text;
using LogPilot.Agent.Containers;
using LogPilot.Agent.Declarations;
using LogPilot.Agent.Files;
using LogPilot.Agent.Lines;
using LogPilot.Agent.Records;
using LogPilot.Agent.Records.Times;
using Microsoft.Extensions.Logging;

namespace LogPilot.Agent;

/// <summary>What one source's declaration says of its bytes, made ready: how they are lines, and what the lines say.</summary>
internal sealed class SourceRules
{
    // An expression that is slow for one line is slow for many.
    private static readonly TimeSpan ComplaintInterval = TimeSpan.FromMinutes(1);

    private readonly FileSource _source;
    private readonly RecordOptions _options;
    private readonly LineOptions _lines;
    private readonly LinePattern? _multiline;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly RateLimit _complaints;
    private ContainerSnapshot? _container;
    private AgentFields? _fields;

    static SourceRules() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    public SourceRules(FileSource source, AgentOptions options, RecordBuffers buffers, TimeProvider time, ILogger log)
    {
        _source = source;
        _options = options.Records;
        _time = time;
        _log = log;
        _complaints = new RateLimit(time, ComplaintInterval);
        var declaration = source.Declaration;
        _lines = new LineOptions { LineBytesMax = Math.Min(options.Lines.LineBytesMax, declaration.LineBytesMax ?? int.MaxValue) };
        _multiline = declaration.Multiline is { } rule ? PatternOf(rule.Pattern) : null;
        Records = new RecordReader(
            RecordFormats.Create(declaration.Format, Fields, time, Complain),
            declaration.Format,
            RecordFormats.TimeFormatOf(declaration.Format) is null ? ZoneOffsets.Utc : ZoneOf(options),
            [.. declaration.Include.Select(PatternOf)],
            [.. declaration.Exclude.Select(PatternOf)],
            buffers);
    }

    public RecordReader Records { get; }

    /// <summary>The agent's own fields, the same for all files of the source until its container gets another name.</summary>
    /// <remarks>Their values change with it, and not their names: <see cref="Records"/> goes on as it is.</remarks>
    public AgentFields Fields
    {
        get
        {
            if (_fields is null || !ReferenceEquals(_container, _source.Container))
            {
                _container = _source.Container;
                _fields = AgentFields.Of(_source.Declaration, _container, _options);
            }

            return _fields;
        }
    }

    /// <summary>Makes a reader of the lines of one file of the source.</summary>
    public ILineReader NewLines()
    {
        var lines = _source.Layout switch
        {
            FileLayout.JsonFile => new RuntimeFileReader<JsonFileFormat>(_lines),
            FileLayout.Cri => new RuntimeFileReader<CriFormat>(_lines),
            _ => NewRawLines(),
        };
        return _multiline is { } pattern ? new RecordJoiner(lines, _source.Declaration.Multiline!, pattern, _lines, _time) : lines;
    }

    // Encodings are declared for files of programs.
    private ILineReader NewRawLines() => _source.Declaration.Encoding switch
    {
        null or "utf-8" => new RawReader(_lines),
        "utf-16" => new DecodedReader(new RawReader(_lines, LineEnding.Utf16), Encoding.Unicode),
        "utf-16BE" => new DecodedReader(new RawReader(_lines, LineEnding.Utf16BigEndian), Encoding.BigEndianUnicode),
        var name => new DecodedReader(
            new RawReader(_lines), Encoding.GetEncoding(name, EncoderFallback.ReplacementFallback, new DecoderReplacementFallback("\uFFFD"))),
    };

    private LinePattern PatternOf(string pattern) => new(new BoundedRegex(pattern, RegexDialect.Go, _time, Complain));

    private void Complain()
    {
        if (_complaints.Allows(_source.Declaration.Name, out _))
        {
            _log.ExpressionRests(_source.Declaration.Name, _source.OwnerName);
        }
    }

    private ZoneOffsets ZoneOf(AgentOptions options)
    {
        const string Name = "TZ=";
        var name = _source.Container is { } container
            ? container.Env.LastOrDefault(entry => entry.StartsWith(Name, StringComparison.Ordinal))?[Name.Length..] ?? ""
            : options.Records.HostZone;
        if (name.Length == 0)
        {
            return ZoneOffsets.Utc;
        }

        string[] directories = [Path.Combine(options.Tail.HostRoot, "usr/share/zoneinfo"), "/usr/share/zoneinfo"];
        if (ZoneOffsets.TryFind(name, directories, out var zone, out var reason))
        {
            return zone;
        }

        _log.ZoneUnknown(PrintedText.Of(name), _source.OwnerName, reason);
        return ZoneOffsets.Utc;
    }
}
