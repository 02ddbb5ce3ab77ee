namespace LogPilot.Load.Processes;

/// <summary>A directory for the files of one run, deleted at its end.</summary>
internal sealed class ScratchDirectory : IDisposable
{
    private bool _isKept;

    public string Root { get; } = Directory.CreateTempSubdirectory("logpilot-load-").FullName;

    public string PathOf(string name) => Path.Combine(Root, name);

    public string CreateDirectory(string name) => Directory.CreateDirectory(PathOf(name)).FullName;

    /// <summary>Leaves everything where it is.</summary>
    public void Keep() => _isKept = true;

    public void Dispose()
    {
        if (_isKept)
        {
            return;
        }

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
