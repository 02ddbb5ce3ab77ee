using LogPilot.Agent.Containers.Docker;

namespace LogPilot.Agent.Tests.Containers;

public sealed class FaultNoticesTests
{
    private readonly FaultNotices _notices = new(TimeSpan.FromMinutes(1));

    [Fact]
    public void Due_SameFault_OncePerInterval()
    {
        var start = DateTimeOffset.UnixEpoch;

        Assert.True(_notices.Due(DockerFault.NoSocket, start));
        Assert.False(_notices.Due(DockerFault.NoSocket, start.AddSeconds(59)));
        Assert.True(_notices.Due(DockerFault.NoSocket, start.AddSeconds(60)));
    }

    [Fact]
    public void Due_OtherFault_AtOnce()
    {
        _notices.Due(DockerFault.NoSocket, DateTimeOffset.UnixEpoch);

        Assert.True(_notices.Due(DockerFault.AccessDenied, DateTimeOffset.UnixEpoch));
    }
}
