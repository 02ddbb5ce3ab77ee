using System.IO.Hashing;
using System.Security.Cryptography;
using System.Text;
using LogPilot.Agent.Files;
using LogPilot.Agent.Lines;
using LogPilot.Agent.Records;
using LogPilot.Agent.Shipping;
using LogPilot.Agent.Tracking;
using LogPilot.Linux;
using Microsoft.Extensions.Logging;

namespace LogPilot.Agent;

/// <summary>Starts the pass of each file where the last one ended, and hands delivered ranges back to it.</summary>
internal sealed class FilePasses(
    AgentOptions options,
    BatchAssembler assembler,
    CheckpointFile checkpoints,
    FilebeatRegistry registry,
    AgentTotals totals,
    TimeProvider time,
    ILogger log) : IFileReaders
{
    private const int FirstLineBytesMax = 1024;

    private readonly HashSet<FilePass> _open = [];

    public AgentOptions Options => options;

    public BatchAssembler Assembler => assembler;

    public AgentTotals Totals => totals;

    public RecordClock Clock { get; } = new(time);

    public long Now => time.GetTimestamp();

    public IFileReader? Open(TailedFile file)
    {
        var progress = OpenProgress(file);
        if (progress is null)
        {
            return null;
        }

        ILineReader lines = file.Source.Layout == FileLayout.JsonFile
            ? new JsonFileReader(options.Lines)
            : new RawReader(options.Lines);
        var pass = new FilePass(file, progress, lines, this);
        _open.Add(pass);
        return pass;
    }

    /// <summary>Hands a range that came back from the sink to its file.</summary>
    /// <param name="rest">Called for a file that has to be read again after a pause.</param>
    public void Settle(in BatchRange range, Action<TailedFile, TimeSpan> rest)
    {
        // A file that was closed meanwhile had everything of its last epoch settled.
        var file = range.Range.File;
        if (file.Reader is FilePass pass && _open.Contains(pass) && pass.Settle(range))
        {
            rest(file, range.HoldFor);
        }
    }

    /// <summary>Bytes that were read, not delivered, and cannot be read again.</summary>
    public void ReportLost(in FileRange range)
    {
        totals.LostBytes += range.End - range.Start;
        log.Lost(range.File.Path, range.File.Source.OwnerName, range.Start, range.End);
    }

    public void Closed(FilePass pass) => _open.Remove(pass);

    /// <summary>Keeps the checkpoints of open files from being forgotten.</summary>
    public void Touch()
    {
        foreach (var pass in _open)
        {
            pass.Touch();
        }
    }

    /// <summary>The ids of a file as it is now.</summary>
    public static RecordIds IdsOf(TailedFile file, FileProgress progress)
    {
        var log = LogOf(file.Source);
        if (file.Source.Layout == FileLayout.JsonFile)
        {
            return new RecordIds(file.Source.Container!.Id, log, 0);
        }

        // What stands in the first line tells the lives of a file that is cut to nothing apart, without any state.
        var firstLine = XxHash3.HashToUInt64(ReadFirstLine(file));
        return new RecordIds($"{OwnerOf(file)}:{firstLine:x}", log, progress.Generation);
    }

    private FileProgress? OpenProgress(TailedFile file)
    {
        FileProgress? progress = null;
        try
        {
            progress = FileProgress.Open(checkpoints, time, KeyOf(file), file);
            if (progress is { IsNew: true })
            {
                StartNew(file, progress);
            }

            progress?.ShowSize(LinuxFile.Stat(file.Handle).Size);
            return progress;
        }
        catch (IOException failure)
        {
            log.CannotKeepCheckpoint(file.Path, options.Tracking.StateDirectory, failure.Message);
            progress?.Close(gone: false);
            return null;
        }
    }

    private void StartNew(TailedFile file, FileProgress progress)
    {
        var shipped = registry.OffsetOf(file);
        var generation = 0u;
        if (file.Source.Layout == FileLayout.Raw && checkpoints.IsNew && !HasTimeOfDay(ReadFirstLine(file)))
        {
            // Whether an agent whose state was lost has sent other lines with these texts at these offsets cannot be known.
            generation = BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(sizeof(uint)));
        }

        if (shipped > 0 || generation > 0)
        {
            progress.StartAt(shipped, generation);
        }
    }

    private static UInt128 KeyOf(TailedFile file) =>
        XxHash128.HashToUInt128(Encoding.UTF8.GetBytes($"{OwnerOf(file)}\0{LogOf(file.Source)}"));

    // A container's own log is its own. Any other file is the same one for every container that mounts it, so that a new
    // container of a pod goes on where the one before was.
    private static string OwnerOf(TailedFile file)
    {
        var identity = $"{file.Identity.Device:x}:{file.Identity.Inode:x}:{file.Identity.BirthNanoseconds:x}";
        return file.Source.Layout == FileLayout.JsonFile ? $"{file.Source.Container!.Id}:{identity}" : identity;
    }

    private static string LogOf(FileSource source) => $"{source.Declaration.Name}\0{source.Declaration.Index}";

    private static byte[] ReadFirstLine(TailedFile file)
    {
        var buffer = new byte[FirstLineBytesMax];
        var start = buffer.AsSpan(0, RandomAccess.Read(file.Handle, buffer, 0));
        var newline = start.IndexOf((byte)'\n');
        return start[..(newline < 0 ? start.Length : newline)].ToArray();
    }

    private static bool HasTimeOfDay(ReadOnlySpan<byte> line)
    {
        for (var i = 2; i + 2 < line.Length; i++)
        {
            if (line[i] == ':' && char.IsAsciiDigit((char)line[i - 1]) && char.IsAsciiDigit((char)line[i - 2])
                && char.IsAsciiDigit((char)line[i + 1]) && char.IsAsciiDigit((char)line[i + 2]))
            {
                return true;
            }
        }

        return false;
    }
}
