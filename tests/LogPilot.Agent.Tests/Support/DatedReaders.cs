using LogPilot.Agent.Files;
using LogPilot.Linux;

namespace LogPilot.Agent.Tests.Support;

/// <summary>
/// Readers of files that were made when a test says. No test can set the kernel's time of birth, and files that are made within some
/// milliseconds may have the same.
/// </summary>
/// <param name="birthOf">In nanoseconds since 1970; null where the kernel's counts.</param>
internal sealed class DatedReaders(IFileReaders readers, Func<FileIdentity, long?> birthOf) : IFileReaders
{
    public FileTrace TraceOf(FileSource source, FileIdentity identity) => readers.TraceOf(source, identity);

    public void Forget(FileSource source, FileIdentity identity) => readers.Forget(source, identity);

    public DateTimeOffset? LastRead(FileSource source, string directory) => readers.LastRead(source, directory);

    public CopyOutcome TryTakePlace(TailedFile copy, string directory, ref UInt128? original)
    {
        Date(copy);
        return readers.TryTakePlace(copy, directory, ref original);
    }

    public IFileReader? Open(TailedFile file, string directory)
    {
        Date(file);
        return readers.Open(file, directory);
    }

    private void Date(TailedFile file)
    {
        if (birthOf(file.Identity) is { } birth)
        {
            file.MadeAt = file.Rotation.IsCompressed
                ? Math.Min(birth, LinuxFile.Stat(file.Content.Handle).ModifyNanoseconds)
                : birth;
        }
    }
}
