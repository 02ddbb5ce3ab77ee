using System.Diagnostics;
using System.Formats.Tar;

namespace LogPilot.Aot.Tests.Support;

/// <summary>The image of the published executable, built by the script that users build it with.</summary>
internal sealed class AgentImage(DockerEngine engine, string name)
{
    private const string ImageName = "logpilot-test/agent:1";
    private static readonly TimeSpan BuildDeadline = TimeSpan.FromMinutes(3);

    public string Name => name;

    public static AgentImage Build(DockerEngine engine)
    {
        _ = Prerequisite.Program("docker", "docker.io");
        var start = new ProcessStartInfo(Path.Combine(RepositoryRoot.Path, "scripts", "image"), ["--prebuilt", ImageName]);
        start.Environment["DOCKER_HOST"] = engine.Endpoint.OriginalString;
        var built = Command.Run(start, BuildDeadline);
        Assert.True(built.ExitCode == 0, $"scripts/image --prebuilt: {built.Everything}");
        return new AgentImage(engine, ImageName);
    }

    /// <summary>What a container of the image starts with: the paths of its files and links, with the targets of the latter.</summary>
    public async Task<IReadOnlyList<string>> FilesAsync(ScratchDirectory scratch)
    {
        var archive = scratch.PathOf("image.tar");
        var created = Client("create", Name);
        Client("export", "--output", archive, created.Trim());
        Client("rm", "--volumes", created.Trim());

        var files = new List<string>();
        await using var stream = File.OpenRead(archive);
        await using var tar = new TarReader(stream);
        while (await tar.GetNextEntryAsync() is { } entry)
        {
            if (entry.EntryType is not TarEntryType.Directory)
            {
                files.Add(entry.LinkName.Length > 0 ? $"{entry.Name} -> {entry.LinkName}" : entry.Name);
            }
        }

        return files;
    }

    private string Client(params string[] arguments)
    {
        var result = engine.RunClient(arguments);
        Assert.True(result.ExitCode == 0, $"docker {string.Join(' ', arguments)}: {result.Everything}");
        return result.Output;
    }
}
