using System.Text.Json;

namespace LogPilot.Load.Outages;

/// <summary>What the agent says that it has given up.</summary>
/// <param name="Container">Whose log it was.</param>
/// <param name="Reason">Why.</param>
/// <param name="Bytes">How much of its files.</param>
internal sealed record CountedLoss(string Container, string Reason, long Bytes)
{
    /// <param name="status">What <c>logpilot status --json</c> prints.</param>
    public static IReadOnlyList<CountedLoss> Read(string status)
    {
        using var json = JsonDocument.Parse(status);
        return
        [
            .. json.RootElement.GetProperty("losses").EnumerateArray().Select(loss => new CountedLoss(
                loss.GetProperty("container").GetString()!,
                loss.GetProperty("reason").GetString()!,
                loss.GetProperty("bytes").GetInt64())),
        ];
    }
}
