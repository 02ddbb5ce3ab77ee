namespace LogPilot.Aot.Tests.Support;

/// <summary>The programs of the machine.</summary>
internal static class InstalledPrograms
{
    private static readonly string[] Directories = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

    /// <summary>The path of a program, or null. The sbin directories count even where PATH leaves them out.</summary>
    public static string? Find(string name)
    {
        var searched = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);
        return searched.Concat(Directories).Select(directory => Path.Combine(directory, name)).FirstOrDefault(File.Exists);
    }
}
