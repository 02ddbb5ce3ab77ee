namespace LogPilot.Load.Processes;

/// <summary>The checkout that this program was built in.</summary>
internal static class Repository
{
    /// <summary>Its directory, wherever below it this program lies; null if it lies elsewhere.</summary>
    public static string? FindRoot()
    {
        for (var directory = AppContext.BaseDirectory; directory is not null; directory = Path.GetDirectoryName(directory))
        {
            if (File.Exists(Path.Combine(directory, "LogPilot.Aot.sln")))
            {
                return directory;
            }
        }

        return null;
    }
}
