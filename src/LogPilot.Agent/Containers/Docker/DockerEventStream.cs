using System.Text.Json;
using LogPilot.Agent.Containers.Watch;

namespace LogPilot.Agent.Containers.Docker;

/// <summary>An open stream of container events; one reader at a time.</summary>
internal sealed class DockerEventStream(Uri host, HttpResponseMessage response, Stream body) : IContainerEvents
{
    /// <summary>
    /// What the engine is asked to tell: the events after which a container looks different. Left out are
    /// those that change nothing here (<c>pause</c>, <c>attach</c>, <c>resize</c>) and above all
    /// <c>exec_*</c>, since every exec probe sends three.
    /// </summary>
    public const string Filters =
        """{"type":["container"],"event":["create","start","restart","rename","die","destroy"]}""";

    private IAsyncEnumerator<EventMessage?>? _messages;

    public async ValueTask<ContainerEvent> NextAsync(CancellationToken stopping)
    {
        _messages ??= JsonSerializer
            .DeserializeAsyncEnumerable(body, DockerJson.Default.EventMessage, topLevelValues: true, stopping)
            .GetAsyncEnumerator(stopping);
        try
        {
            while (await _messages.MoveNextAsync())
            {
                var message = _messages.Current;
                if (message is { Type: null or "container", Action: { } action, Actor.Id: { Length: > 0 } id })
                {
                    return new ContainerEvent(id, action, message.TimeNano);
                }
            }
        }
        catch (Exception exception) when (DockerFailure.TryFrom(host, exception, out var translated))
        {
            throw translated;
        }

        throw DockerFailure.StreamEnded(host);
    }

    public void Dispose()
    {
        body.Dispose();
        response.Dispose();
    }
}
