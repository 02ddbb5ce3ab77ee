using System.Formats.Tar;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace LogPilot.Aot.Tests.Support;

/// <summary>The image of the test containers: one static busybox, imported, so that no registry is needed.</summary>
internal static class BusyboxImage
{
    public const string Repository = "logpilot-test/busybox";
    public const string Tag = "1";
    public const string Name = Repository + ":" + Tag;

    private static readonly string[] Applets =
        ["sh", "awk", "cat", "cp", "echo", "head", "ls", "mkdir", "mv", "printf", "rm", "seq", "sleep", "touch", "true", "usleep"];

    public static async Task ImportAsync(DockerClient client)
    {
        var busybox = Prerequisite.Program("busybox", "busybox-static");
        using var layer = new MemoryStream();
        await WriteLayerAsync(layer, busybox);
        layer.Position = 0;
        var request = new ImagesCreateParameters { FromSrc = "-", Repo = Repository, Tag = Tag };
        await client.Images.CreateImageAsync(request, layer, new AuthConfig(), new Progress<JSONMessage>());
    }

    private static async Task WriteLayerAsync(Stream layer, string busybox)
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

    private static PaxTarEntry Folder(string name) => new(TarEntryType.Directory, name) { Mode = Executable };

    private const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
}
