namespace LogPilot.Agent.Tests.Support;

/// <summary>The directory of the solution, found upwards from the running tests.</summary>
internal static class RepositoryRoot
{
    public static string Path { get; } = Find();

    private static string Find()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(directory.FullName, "LogPilot.Aot.sln")))
            {
                return directory.FullName;
            }
        }

        throw new InvalidOperationException($"No LogPilot.Aot.sln above {AppContext.BaseDirectory}: run the tests from a checkout.");
    }
}
