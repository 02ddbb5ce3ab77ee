using System.Text.Json;
using LogPilot.Agent.Containers.Cri;

namespace LogPilot.Agent.Tests.Fuzzing;

/// <summary>What a runtime behind the CRI answers: it is understood, or it is no runtime's answer, and nothing else happens.</summary>
internal sealed class CriTarget() : FuzzTarget("cri")
{
    public override IReadOnlyList<string> Tokens { get; } =
    [
        "\n\x01a", "\x1a\x05\n\x03app", "\x30\x01", "\x42\x06\n\x01k\x12\x01v", "z\x04/log", "\x12\x02{}", "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", "\x80",
        "\0", "\x0b", "\x0d", "\x09", "info", "{\"runtimeSpec\":{\"process\":{\"env\":[\"", "\"]}", "\"mounts\":[{\"type\":\"bind\",\"source\":\"", "\"config\":{\"envs\":[{\"key\":\"",
        "\\ud800", "\\u0000", "\xff", "[", "]", "{", "}", "\"", ",", ":", "null",
    ];

    protected override void Check(byte[] input, Random random)
    {
        Understand(() =>
        {
            var inspection = CriContainer.Read(input);
            Expect(inspection.Snapshot.Id.Length > 0, "a container has an id");
            _ = inspection.EndedSince(inspection);
        });
        Understand(() => _ = CriInfo.Read(input).Env.Count);
        Understand(() =>
        {
            var listings = new CriListings();
            var first = listings.Read(input);
            Expect(listings.Read(input).SequenceEqual(first), "the same answer says the same");
            Expect(first.All(one => one.Id.Length > 0), "a container has an id");
        });
    }

    private static void Understand(Action use)
    {
        try
        {
            use();
        }
        catch (Exception refused) when (refused is InvalidDataException or JsonException)
        {
            // The client says then that this is no runtime.
        }
    }
}
