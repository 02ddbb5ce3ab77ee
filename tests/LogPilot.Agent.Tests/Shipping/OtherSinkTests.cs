using System.Text;
using LogPilot.Agent.Shipping;
using LogPilot.Agent.Tests.Support;

namespace LogPilot.Agent.Tests.Shipping;

/// <summary>The console and the file.</summary>
[Collection(RunsAlone.Name)]
public sealed class OtherSinkTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("logpilot-file-");
    private readonly SinkStatus _status = new(TimeProvider.System);
    private readonly RecordingLogger _logger = new();
    private readonly SinkContext _context;

    public OtherSinkTests() => _context = new SinkContext(new DeliveryCounters(), _status, _logger, TimeProvider.System);

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task Console_Batch_IsWrittenAsItIs()
    {
        var output = new MemoryStream();
        var batch = Documents("""{"a":1}""", """{"b":2}""");

        await new ConsoleSink(output, pretty: false, _context).ShipAsync(batch, CancellationToken.None);

        Assert.Equal("{\"a\":1}\n{\"b\":2}\n", Encoding.UTF8.GetString(output.ToArray()));
        Assert.Equal([RangeOutcome.Delivered], SinkFixture.Outcomes(batch));
        Assert.Equal(2, _context.Counters.Stored);
    }

    [Fact]
    public async Task Console_Pretty_IndentsEachDocument()
    {
        var output = new MemoryStream();

        await new ConsoleSink(output, pretty: true, _context)
            .ShipAsync(Documents("""{"a":1}""", """{"b":"\ud800"}"""), CancellationToken.None);

        Assert.StartsWith("{\n  \"a\": 1\n}\n{", Encoding.UTF8.GetString(output.ToArray()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task File_MoreThanItsSize_RotatesAndKeepsTheNumberOfFiles()
    {
        await using var sink = new FileSink(Options(rotateBytes: 20, files: 3), _context);

        for (var i = 0; i < 6; i++)
        {
            await sink.ShipAsync(Documents($$"""{"number":{{i}}}"""), CancellationToken.None);
        }

        Assert.Equal(["docs", "docs.1", "docs.2"], _directory.GetFiles().Select(file => file.Name).Order());
        Assert.Equal("{\"number\":5}\n", File.ReadAllText(PathOf("docs")));
        Assert.Equal("{\"number\":3}\n", File.ReadAllText(PathOf("docs.2")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, new FileInfo(PathOf("docs")).UnixFileMode);
    }

    [Fact]
    public async Task File_TornLineFromBefore_IsCutOff()
    {
        File.WriteAllText(PathOf("docs"), "{\"a\":1}\n{\"b");
        await using var sink = new FileSink(Options(), _context);

        await sink.ShipAsync(Documents("""{"c":3}"""), CancellationToken.None);

        Assert.Equal("{\"a\":1}\n{\"c\":3}\n", File.ReadAllText(PathOf("docs")));
    }

    [Fact]
    public async Task File_CannotBeWritten_WaitsUntilItCan()
    {
        Directory.CreateDirectory(PathOf("docs"));
        await using var sink = new FileSink(Options(), _context);
        var batch = Documents("{}");

        var shipping = sink.ShipAsync(batch, CancellationToken.None);
        while (_status.Oldest() is null)
        {
            await Task.Yield();
        }

        Directory.Delete(PathOf("docs"));
        await shipping.WaitAsync(TimeSpan.FromSeconds(10));

        Assert.Equal([RangeOutcome.Delivered], SinkFixture.Outcomes(batch));
        Assert.Null(_status.Oldest());
        Assert.Contains(_logger.Entries, entry => entry.Text.Contains("cannot be written", StringComparison.Ordinal));
    }

    [Fact]
    public async Task File_DiskIsFull_LeavesNothingHalfAndSaysSo()
    {
        var disk = _directory.CreateSubdirectory("disk").FullName;
        Assert.SkipUnless(await RunAsync("mount", "-t", "tmpfs", "-o", "size=64k", "logpilot-test", disk), "Needs the right to mount a small disk.");
        try
        {
            await using var sink = new FileSink(Options() with { Directory = disk, RotateBytes = 1_000_000 }, _context);
            var path = Path.Combine(disk, "docs");
            await sink.ShipAsync(Documents("""{"a":1}"""), CancellationToken.None);
            var filler = Path.Combine(disk, "filler");
            File.WriteAllBytes(filler, new byte[32 * 1024]);
            var batch = Documents($$"""{"b":"{{new string('b', 40_000)}}"}""");

            var shipping = sink.ShipAsync(batch, CancellationToken.None);
            while (_status.Oldest() is null)
            {
                await Task.Yield();
            }

            var whileFull = (File.ReadAllText(path), SinkFixture.Outcomes(batch)[0]);
            File.Delete(filler);
            await shipping.WaitAsync(TimeSpan.FromSeconds(10));

            Assert.Equal(("{\"a\":1}\n", RangeOutcome.Pending), whileFull);
            Assert.Equal(2, File.ReadAllLines(path).Length);
            Assert.Null(_status.Oldest());
        }
        finally
        {
            await RunAsync("umount", disk);
        }
    }

    private static async Task<bool> RunAsync(string program, params string[] arguments)
    {
        using var process = System.Diagnostics.Process.Start(program, arguments);
        await process.WaitForExitAsync();
        return process.ExitCode == 0;
    }

    private static Batch Documents(params string[] documents)
    {
        var batch = new TestBatch(actions: false);
        foreach (var document in documents)
        {
            batch.AddLines(document + "\n");
        }

        return batch.Batch;
    }

    private string PathOf(string name) => Path.Combine(_directory.FullName, name);

    private FileSinkOptions Options(long rotateBytes = 1000, int files = 3) => new()
    {
        Directory = _directory.FullName,
        Name = "docs",
        RotateBytes = rotateBytes,
        FileCount = files,
    };
}
