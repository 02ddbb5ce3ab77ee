namespace LogPilot.Load.Processes;

/// <summary>A directory for the files of one run, deleted at its end.</summary>
internal sealed class ScratchDirectory : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("logpilot-load-").FullName;

    public string PathOf(string name) => Path.Combine(Root, name);

    public string CreateDirectory(string name) => Directory.CreateDirectory(PathOf(name)).FullName;

    public void Dispose()
    {
        try
        {
            Directory.Delete(Root, recursive: true);
        }
        catch (IOException exception)
        {
            Console.Error.WriteLine($"load: {Root} is left behind: {exception.Message}");
        }
    }
}
