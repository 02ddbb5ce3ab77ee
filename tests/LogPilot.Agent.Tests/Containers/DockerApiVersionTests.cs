using LogPilot.Agent.Containers.Docker;
using LogPilot.Agent.Containers.Watch;

namespace LogPilot.Agent.Tests.Containers;

public sealed class DockerApiVersionTests
{
    [Theory]
    [InlineData("1.41", "1.12", null, "1.41")] // Engine 20.10 is older than the agent.
    [InlineData("1.43", "1.12", null, "1.43")] // Engine 24.
    [InlineData("1.47", "1.24", null, "1.44")] // Engine 27 is newer.
    [InlineData("1.52", "1.44", null, "1.44")] // Engine 29 has dropped what was before 1.44.
    [InlineData("1.60", "1.50", null, "1.50")] // An engine of the future that has dropped the agent's newest.
    [InlineData("1.41", null, null, "1.41")]
    [InlineData("1.47", "1.24", "1.30", "1.30")] // The user limits it.
    [InlineData("1.52", "1.44", "1.23", "1.44")] // log-pilot's default limit, which this engine would refuse.
    [InlineData("1.41", "1.12", "1.99", "1.41")]
    public void Choose_Offer_SpeaksNewestCommonVersion(string engine, string? minimum, string? limit, string expected)
    {
        var chosen = DockerApiVersion.Choose(Version.Parse(engine), ParseOrNull(minimum), ParseOrNull(limit));

        Assert.Equal(Version.Parse(expected), chosen);
    }

    private static Version? ParseOrNull(string? text) => text is null ? null : Version.Parse(text);
}
