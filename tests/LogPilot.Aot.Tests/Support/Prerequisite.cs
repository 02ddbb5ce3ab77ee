using System.Diagnostics.CodeAnalysis;

namespace LogPilot.Aot.Tests.Support;

/// <summary>What a machine must have for a test to mean anything.</summary>
internal static class Prerequisite
{
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
        var path = InstalledPrograms.Find(name);
        if (path is null)
        {
            Missing($"{name} is not installed: apt-get install {package}.");
        }

        return path;
    }

    /// <summary>A containerd of its own.</summary>
    public static async Task<Containerd> ContainerdAsync()
    {
        var (containerd, reason) = await Containerd.TryStartAsync();
        if (containerd is null)
        {
            Missing(reason);
        }

        return containerd;
    }
}
