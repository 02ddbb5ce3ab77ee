using LogPilot.Agent.Files;

namespace LogPilot.Agent.Tests.Support;

/// <summary>Readers beside which something happens to the files just before one of them is held against those that were read.</summary>
internal sealed class InterruptedReaders(IFileReaders readers, Action beforeCompare) : IFileReaders
{
    public FileTrace TraceOf(FileSource source, FileIdentity identity) => readers.TraceOf(source, identity);

    public void Forget(FileSource source, FileIdentity identity) => readers.Forget(source, identity);

    public DateTimeOffset? LastRead(FileSource source, string directory) => readers.LastRead(source, directory);

    public CopyOutcome TryTakePlace(TailedFile copy, string directory, ref UInt128? original)
    {
        beforeCompare();
        return readers.TryTakePlace(copy, directory, ref original);
    }

    public IFileReader? Open(TailedFile file, string directory) => readers.Open(file, directory);
}
