using System.Text.Json;
using LogPilot.Agent.Containers.Docker;
using LogPilot.Agent.Containers.Watch;

namespace LogPilot.Agent.Tests.Fuzzing;

/// <summary>What an engine or a proxy answers: it is understood, or it is no engine's answer, and nothing else happens.</summary>
internal sealed class DockerTarget() : FuzzTarget("docker")
{
    private static readonly Uri Host = new("unix:///var/run/docker.sock");

    public override IReadOnlyList<string> Tokens { get; } =
    [
        "{\"Id\":\"", "\"Name\":\"/", "\"LogPath\":", "\"State\":{\"Status\":\"running\"", "\"Config\":{", "\"Env\":[", "\"Labels\":{", "\"Mounts\":[",
        "\"HostConfig\":{\"LogConfig\":{\"Type\":\"json-file\"}}", "\"Type\":\"container\"", "\"Action\":\"start\"", "\"Actor\":{\"ID\":\"",
        "\"timeNano\":", "\"ApiVersion\":\"1.41\"", "null", "[]", "{}", "-1", "1e999", "9223372036854775808", "\\ud800", "\\u0000", "\xff", ",", "}", "]", "\n",
    ];

    protected override void Check(byte[] input, Random random)
    {
        Understand(input, DockerJson.Default.VersionMessage, _ => { });
        Understand(input, DockerJson.Default.InfoMessage, _ => { });
        Understand(input, DockerJson.Default.ErrorMessage, _ => { });
        Understand(input, DockerJson.Default.ListListedMessage, messages => messages.ForEach(message => DockerListing.From(message)));
        Understand(input, DockerJson.Default.InspectMessage, message =>
        {
            var inspection = DockerInspection.From(message, "/var/lib/docker");
            _ = inspection.EndedSince(inspection);
        });
        ReadEvents(input);
    }

    private static void Understand<T>(
        byte[] input, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type, Action<T> use)
        where T : class
    {
        try
        {
            if (JsonSerializer.Deserialize(input, type) is { } message)
            {
                use(message);
            }
        }
        catch (JsonException)
        {
            // The client says then that this is no engine.
        }
    }

    private static void ReadEvents(byte[] input)
    {
        using var response = new HttpResponseMessage();
        using var stream = new DockerEventStream(Host, response, new MemoryStream(input));
        try
        {
            while (true)
            {
                _ = stream.NextAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();
            }
        }
        catch (RuntimeException)
        {
            // The end of the stream is one, too.
        }
    }
}
