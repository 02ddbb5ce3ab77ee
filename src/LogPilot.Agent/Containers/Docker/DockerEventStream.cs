using System.Text.Json;

namespace LogPilot.Agent.Containers.Docker;

/// <summary>An open stream of container events; one reader at a time.</summary>
internal sealed class DockerEventStream(Uri host, HttpResponseMessage response, Stream body) : IDisposable
{
    private IAsyncEnumerator<EventMessage?>? _messages;

    /// <summary>
    /// Waits for the next event, without a deadline because a quiet host has none. Throws
    /// <see cref="DockerException"/> when the stream has ended or broken, and it is of no use after that.
    /// </summary>
    public async ValueTask<DockerEvent> NextAsync(CancellationToken stopping)
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
                    return new DockerEvent(id, action, message.TimeNano);
                }
            }
        }
        catch (Exception exception) when (DockerException.TryFrom(host, exception, out var translated))
        {
            throw translated;
        }

        throw DockerException.StreamEnded(host);
    }

    public void Dispose()
    {
        body.Dispose();
        response.Dispose();
    }
}
