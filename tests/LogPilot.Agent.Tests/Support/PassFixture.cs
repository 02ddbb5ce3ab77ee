using System.Text;
using System.Text.Json;
using LogPilot.Agent.Containers;
using LogPilot.Agent.Declarations;
using LogPilot.Agent.Files;
using LogPilot.Agent.Lines;
using LogPilot.Agent.Shipping;
using LogPilot.Agent.Tracking;

namespace LogPilot.Agent.Tests.Support;

/// <summary>The agent from the file to the batch and back, turn by turn on the test's thread, with a sink that the test plays.</summary>
internal sealed class PassFixture : IDisposable
{
    private ScratchDirectory? _scratch;
    private CheckpointFile? _checkpoints;
    private FilePasses _passes = null!;
    private BatchAssembler _assembler = null!;

    public ScratchDirectory Scratch
    {
        get => _scratch ??= new ScratchDirectory();
        init => _scratch = value;
    }

    public ManualTime Time { get; } = new();

    public RecordingLogger Log { get; } = new();

    public AgentTotals Totals { get; private set; } = new();

    public ShippingOptions Shipping { get; set; } = new() { BatchBytes = 4096, BatchCount = 4 };

    public int LineBytesMax { get; set; } = 1000;

    public long HeldBytesMax { get; set; } = new TailOptions().HeldBytesMax;

    /// <summary>What happens once just before the agent holds a file against those that it has read.</summary>
    public Action? BeforeCompare { get; set; }

    /// <summary>When a file was made, in nanoseconds since 1970; null where the kernel's word counts.</summary>
    public Func<FileIdentity, long?> BirthOf { get; set; } = _ => null;

    public Tailer Tailer { get; private set; } = null!;

    /// <summary>The batches that the sink has and has not answered.</summary>
    public List<Batch> InFlight { get; } = [];

    /// <summary>Every checkpoint in the file.</summary>
    public IReadOnlyList<Checkpoint> Checkpoints =>
        [.. CheckpointFile.ReadAll(Scratch.PathOf("state")).Entries.Select(entry => entry.Checkpoint)];

    /// <summary>The size of each file as the status shows it.</summary>
    public IReadOnlyList<long> SizesShown
    {
        get
        {
            _passes.ShowUnread();
            return [.. CheckpointFile.ReadAll(Scratch.PathOf("state")).Entries.Select(entry => entry.Label.Size)];
        }
    }

    /// <summary>Starts reading a container's standard output, <c>c1-json.log</c>.</summary>
    public FileSource AddStdout(StandardStreams streams = StandardStreams.Both, MultilineRule? multiline = null) => Add(new FileSource
    {
        Container = new ContainerSnapshot { Id = "c1", Name = "web-1" },
        Declaration = new LogDeclaration { Name = "web", Index = "web", Topic = "web", Streams = streams, Multiline = multiline },
        Layout = FileLayout.JsonFile,
        Pattern = new FilePattern("/logs", "c1-json.log*"),
    });

    /// <summary>Starts reading a container's standard output as containerd writes it for kubelet.</summary>
    public FileSource AddCri() => Add(new FileSource
    {
        Container = new ContainerSnapshot { Id = "c1", Name = "web-1" },
        Declaration = new LogDeclaration { Name = "web", Index = "web", Topic = "web", Streams = StandardStreams.Both },
        Layout = FileLayout.Cri,
        Pattern = new FilePattern("/logs", "0.log*"),
    });

    /// <summary>Starts reading files of programs.</summary>
    public FileSource AddRaw(string pattern = "*.log", MultilineRule? multiline = null) =>
        AddRaw(new LogDeclaration { Name = "web", Index = "web", Topic = "web", Multiline = multiline }, pattern);

    /// <summary>Starts reading files of programs as they are declared.</summary>
    public FileSource AddRaw(LogDeclaration declaration, string pattern = "*.log") => Add(new FileSource
    {
        Declaration = declaration,
        Layout = FileLayout.Raw,
        Pattern = new FilePattern("/logs", pattern),
    });

    public void AppendEntry(string text, string stream = "stdout", int second = 0) => Scratch.Append(
        "host/logs/c1-json.log",
        $$"""{"log":"{{text}}","stream":"{{stream}}","time":"2024-02-29T12:00:{{second:d2}}.000000001Z"}""" + "\n");

    /// <summary>Takes in what has come back, and reads and sends all there is room for.</summary>
    public void Turn()
    {
        Tailer.Watch();
        Settle();
        while (Tailer.ReadRound())
        {
        }

        _assembler.Send();
        Tailer.Watch();
    }

    /// <summary>The sink answers one batch for all its ranges; its documents, if it has taken them.</summary>
    public List<SentDocument> Answer(int batch, RangeOutcome outcome)
    {
        var answered = InFlight[batch];
        InFlight.RemoveAt(batch);
        var documents = SentDocument.Of(answered);
        foreach (ref var range in answered.Ranges)
        {
            range.Outcome = outcome;
            range.HoldFor = TimeSpan.FromSeconds(5);
        }

        _assembler.Settled(answered);
        Settle();
        return outcome == RangeOutcome.Delivered ? documents : [];
    }

    /// <summary>Reads on while the sink takes everything.</summary>
    public List<SentDocument> DeliverAll()
    {
        var documents = new List<SentDocument>();
        Turn();
        while (InFlight.Count > 0)
        {
            documents.AddRange(Answer(0, RangeOutcome.Delivered));
            Turn();
        }

        return documents;
    }

    /// <summary>The process is killed and started again: what was in flight may or may not have arrived.</summary>
    public void Crash()
    {
        Stop();
        Start();
    }

    /// <summary>The process is killed, and starts again only when the next source is added.</summary>
    public void Stop()
    {
        if (_checkpoints is not null)
        {
            Tailer.Dispose();
            _checkpoints.Dispose();
            _checkpoints = null;
            InFlight.Clear();
        }
    }

    /// <summary>The bytes of the checkpoint file as every process sees them.</summary>
    public byte[] CheckpointBytes => File.ReadAllBytes(Scratch.PathOf("state", CheckpointFile.FileName));

    /// <summary>The machine starts again, with so much of the checkpoint file on its disk.</summary>
    public void PowerCut(byte[] checkpoints)
    {
        Stop();
        File.WriteAllBytes(Scratch.PathOf("state", CheckpointFile.FileName), checkpoints);
        Start();
    }

    public void Dispose()
    {
        Stop();
        Scratch.Dispose();
    }

    private FileSource Add(FileSource source)
    {
        if (_checkpoints is null)
        {
            // Options of the test are known by now.
            Start();
        }

        Tailer.Add(source);
        return source;
    }

    private void Start()
    {
        var host = Scratch.CreateDirectory("host");
        Scratch.CreateDirectory("host", "logs");
        var options = new AgentOptions
        {
            Shipping = Shipping,
            Lines = new LineOptions { LineBytesMax = LineBytesMax },
            Tail = new TailOptions { HostRoot = host, ChunkBytes = 1024, HeldBytesMax = HeldBytesMax },
        };
        Totals = new AgentTotals();
        _checkpoints = CheckpointFile.Open(Scratch.PathOf("state"), Time.GetUtcNow());
        var registry = FilebeatRegistry.Read(Scratch.PathOf("state"), _checkpoints.IsNew, Log);
        _assembler = new BatchAssembler(options.Shipping, Time, InFlight.Add, () => { })
        {
            Target = new DocumentTarget(Actions: true, TypeName: null, TimeDigits: 9),
        };
        _passes = new FilePasses(options, _assembler, _checkpoints, registry, Totals, Time, Log);
        var readers = new DatedReaders(new InterruptedReaders(_passes, Interrupt), BirthOf);
        Tailer = new Tailer(options.Tail, LineBytesMax + 1024, readers, Time, Log);
    }

    private void Interrupt()
    {
        var interruption = BeforeCompare;
        BeforeCompare = null;
        interruption?.Invoke();
    }

    private void Settle() => _assembler.Settle(range => _passes.Settle(range, Tailer.Rest, Tailer.Grown));
}

/// <summary>One document of a batch, as a sink sees it.</summary>
internal sealed record SentDocument(string Index, string Id, string Message, long Offset)
{
    public static List<SentDocument> Of(Batch batch)
    {
        var lines = Encoding.UTF8.GetString(batch.Content.Span).Split('\n');
        Assert.Equal((batch.Items * 2) + 1, lines.Length);
        Assert.Equal(batch.Items, batch.Ranges.ToArray().Sum(range => range.Items));
        return [.. lines.SkipLast(1).Chunk(2).Select(pair =>
        {
            using var action = JsonDocument.Parse(pair[0]);
            using var document = JsonDocument.Parse(pair[1]);
            var create = action.RootElement.GetProperty("create");
            return new SentDocument(
                create.GetProperty("_index").GetString()!,
                create.GetProperty("_id").GetString()!,
                document.RootElement.GetProperty("message").GetString()!,
                document.RootElement.GetProperty("offset").GetInt64());
        })];
    }
}
