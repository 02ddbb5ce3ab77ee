using System.Diagnostics.CodeAnalysis;

namespace LogPilot.Aot.Tests.Support;

/// <summary>What a machine must have for a test to mean anything.</summary>
internal static class Prerequisite
{
    private static readonly string[] ProgramDirectories = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

    /// <summary>Skips the test with its reason; fails it where CI=true, since nobody reads the skips of a green build.</summary>
    [DoesNotReturn]
    public static void Missing(string reason)
    {
        if (string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase))
        {
            Assert.Fail(reason);
        }

        Assert.Skip(reason);
    }

    /// <summary>The path of an installed program; the package names what to install where it is missing.</summary>
    public static string Program(string name, string package)
    {
        var path = FindProgram(name);
        if (path is null)
        {
            Missing($"{name} is not installed: apt-get install {package}.");
        }

        return path;
    }

    /// <summary>The path of an installed program, or null. The sbin directories count even where PATH leaves them out.</summary>
    public static string? FindProgram(string name)
    {
        var searched = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);
        return searched.Concat(ProgramDirectories).Select(directory => Path.Combine(directory, name)).FirstOrDefault(File.Exists);
    }
}
