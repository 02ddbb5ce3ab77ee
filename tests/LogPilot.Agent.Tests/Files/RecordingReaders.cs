using System.Text;
using LogPilot.Agent.Files;

namespace LogPilot.Agent.Tests.Files;

/// <summary>Takes whole lines of every file and keeps them as they came.</summary>
internal sealed class RecordingReaders : IFileReaders
{
    /// <summary>Each line as <c>NAME:TEXT</c>, with what happened to files between as <c>NAME!EVENT</c>.</summary>
    public List<string> Seen { get; } = [];

    /// <summary>How many more lines there is room for.</summary>
    public int Room { get; set; } = int.MaxValue;

    /// <summary>Whether what was taken counts as delivered.</summary>
    public bool IsSettled { get; set; } = true;

    /// <summary>Calls of <see cref="IFileReader.Read"/>.</summary>
    public int Reads { get; private set; }

    /// <summary>The log whose file system answers nothing.</summary>
    public string? Fails { get; set; }

    public FileTrace TraceOf(FileSource source, FileIdentity identity) =>
        source.Declaration.Name == Fails ? throw new IOException("no answer") : default;

    public void Forget(FileSource source, FileIdentity identity)
    {
    }

    public DateTimeOffset? LastRead(FileSource source, string directory) => null;

    public CopyOutcome TryTakePlace(TailedFile copy, string directory, ref UInt128? original) => CopyOutcome.None;

    public IFileReader? Open(TailedFile file, string directory) => new Reader(this, Path.GetFileName(file.Path));

    private sealed class Reader(RecordingReaders readers, string name) : IFileReader
    {
        public long Position { get; private set; }

        public bool HasOpenLine => false;

        public bool IsSettled => readers.IsSettled;

        public bool AwaitsOlder => false;

        public long Due => long.MaxValue;

        public bool BeginsAsRead => true;

        public uint Mark => 0;

        public bool WasCopied => false;

        public uint? CutFrom => null;

        public void KnowCutFrom(uint mark)
        {
        }

        public void ContinueNoOther(IFileReader? older)
        {
        }

        public bool Follows(ReadOnlySpan<byte> lead, ReadOnlySpan<byte> chunk) => true;

        public void Continue(IFileReader older) => throw new NotSupportedException();

        public ReadOutcome Read(ReadOnlySpan<byte> chunk, ChunkEnd end)
        {
            readers.Reads++;
            while (!chunk.IsEmpty)
            {
                var newline = chunk.IndexOf((byte)'\n');
                if (newline < 0 && end == ChunkEnd.Open)
                {
                    return ReadOutcome.Taken;
                }

                if (readers.Room-- <= 0)
                {
                    readers.Room = 0;
                    return ReadOutcome.Blocked;
                }

                var length = newline < 0 ? chunk.Length : newline;
                readers.Seen.Add($"{name}:{Encoding.UTF8.GetString(chunk[..length])}");
                var taken = newline < 0 ? length : length + 1;
                Position += taken;
                chunk = chunk[taken..];
            }

            return ReadOutcome.Taken;
        }

        public void GiveUp(LossReason reason) => readers.Seen.Add($"{name}!{reason}");

        public void Relabel()
        {
        }

        public void StartAnew()
        {
            readers.Seen.Add($"{name}!anew");
            Position = 0;
        }

        public void Close(bool gone) => readers.Seen.Add(gone ? $"{name}!gone" : $"{name}!closed");
    }
}
