using Docker.DotNet;
using Docker.DotNet.Models;

namespace LogPilot.Aot.Tests.Support;

/// <summary>A container that a test has started.</summary>
internal sealed class EngineContainer(DockerClient client, string id, string name)
{
    public string Id => id;

    public string Name { get; private set; } = name;

    public Task<ContainerInspectResponse> InspectAsync() => client.Containers.InspectContainerAsync(id);

    /// <summary>The path of the engine's json-file log.</summary>
    public async Task<string> LogPathAsync() => (await InspectAsync()).LogPath;

    /// <summary>Waits until the engine has logged a text of the container.</summary>
    public async Task WaitForTextAsync(string text)
    {
        var path = await LogPathAsync();
        await Eventually.TrueAsync(
            () => File.Exists(path) && File.ReadAllText(path).Contains(text, StringComparison.Ordinal),
            () => $"container {Name} prints {text}.");
    }

    public Task StopAsync() => client.Containers.StopContainerAsync(id, new ContainerStopParameters { WaitBeforeKillSeconds = 5 });

    public Task StartAsync() => client.Containers.StartContainerAsync(id, new ContainerStartParameters());

    public Task RestartAsync() =>
        client.Containers.RestartContainerAsync(id, new ContainerRestartParameters { WaitBeforeKillSeconds = 5 });

    public async Task RenameAsync(string newName)
    {
        await client.Containers.RenameContainerAsync(id, new ContainerRenameParameters { NewName = newName }, CancellationToken.None);
        Name = newName;
    }

    /// <summary>Waits for the end of the container's process; also true where the engine has removed the container by then.</summary>
    public async Task WaitForExitAsync()
    {
        using var deadline = new CancellationTokenSource(Eventually.Deadline);
        try
        {
            await client.Containers.WaitContainerAsync(id, deadline.Token);
        }
        catch (DockerContainerNotFoundException)
        {
        }
    }

    /// <summary>Ends and removes the container with its anonymous volumes; one that is gone already is no error.</summary>
    public async Task RemoveAsync()
    {
        try
        {
            var request = new ContainerRemoveParameters { Force = true, RemoveVolumes = true };
            await client.Containers.RemoveContainerAsync(id, request);
        }
        catch (DockerContainerNotFoundException)
        {
        }
        catch (DockerApiException exception) when (exception.StatusCode == System.Net.HttpStatusCode.Conflict)
        {
            // The engine is removing it itself.
        }
    }
}
