using System.Formats.Tar;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;

namespace LogPilot.Aot.Tests.Support;

/// <summary>The image of the test containers: one static busybox, imported, so that no registry is needed.</summary>
internal static class BusyboxImage
{
    public const string Repository = "logpilot-test/busybox";
    public const string Tag = "1";
    public const string Name = Repository + ":" + Tag;

    private static readonly string[] Applets =
        ["sh", "awk", "cat", "cp", "echo", "head", "ls", "mkdir", "mv", "printf", "rm", "seq", "sleep", "touch", "true", "usleep"];

    private static readonly string[] SearchPath = ["PATH=/bin"];
    private static readonly string[] Idle = ["sleep", "infinity"];

    /// <summary>
    /// Writes the image as <c>docker save</c> does, for runtimes that import no bare layer. Its process waits, so that it can be
    /// a sandbox, too.
    /// </summary>
    public static async Task WriteArchiveAsync(string path, string busybox)
    {
        using var layer = new MemoryStream();
        await WriteLayerAsync(layer, busybox);
        var configuration = JsonSerializer.SerializeToUtf8Bytes(new
        {
            architecture = RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "amd64",
            os = "linux",
            config = new { Env = SearchPath, Cmd = Idle },
            rootfs = new { type = "layers", diff_ids = (string[])["sha256:" + Convert.ToHexStringLower(SHA256.HashData(layer.ToArray()))] },
        });
        var manifest = JsonSerializer.SerializeToUtf8Bytes((object[])
            [new { Config = "config.json", RepoTags = (string[])[Name], Layers = (string[])["layer.tar"] }]);

        await using var file = File.Create(path);
        await using var tar = new TarWriter(file);
        await tar.WriteEntryAsync(Content("layer.tar", layer.ToArray()));
        await tar.WriteEntryAsync(Content("config.json", configuration));
        await tar.WriteEntryAsync(Content("manifest.json", manifest));
    }

    /// <summary>Writes its only layer.</summary>
    public static async Task WriteLayerAsync(Stream layer, string busybox)
    {
        await using var tar = new TarWriter(layer, leaveOpen: true);
        await tar.WriteEntryAsync(Folder("bin/"));
        await tar.WriteEntryAsync(Folder("tmp/"));
        await using (var program = File.OpenRead(busybox))
        {
            await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, "bin/busybox") { Mode = Executable, DataStream = program });
        }

        foreach (var applet in Applets)
        {
            await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.SymbolicLink, "bin/" + applet) { LinkName = "busybox" });
        }
    }

    private static PaxTarEntry Content(string name, byte[] bytes) =>
        new(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(bytes) };

    private static PaxTarEntry Folder(string name) => new(TarEntryType.Directory, name) { Mode = Executable };

    private const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
}
