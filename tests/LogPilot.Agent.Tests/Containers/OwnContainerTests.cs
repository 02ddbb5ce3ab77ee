using LogPilot.Agent.Containers;

namespace LogPilot.Agent.Tests.Containers;

public sealed class OwnContainerTests
{
    private const string Id = "4f2d0a1b4f2d0a1b4f2d0a1b4f2d0a1b4f2d0a1b4f2d0a1b4f2d0a1b4f2d0a1b";

    [Fact]
    public void Detect_MountsOfDocker_HaveTheId() => Assert.Equal((Id, ""), OwnContainer.Detect(
        $"""
        601 588 0:55 / /proc rw,nosuid - proc proc rw
        612 588 254:1 /var/lib/docker/containers/{Id}/hostname /etc/hostname rw,relatime - ext4 /dev/vda1 rw
        """));

    [Theory]
    [InlineData("/var/lib/kubelet/pods/8c1e6c6e-1d2f-4f6e-9c55-3f9d4c1f7a10/etc-hosts")]
    [InlineData("/pods/8c1e6c6e-1d2f-4f6e-9c55-3f9d4c1f7a10/etc-hosts")]
    public void Detect_MountsOfKubelet_HaveThePod(string root) => Assert.Equal(
        "8c1e6c6e-1d2f-4f6e-9c55-3f9d4c1f7a10",
        OwnContainer.Detect($"613 588 254:1 {root} /etc/hosts rw,relatime - ext4 /dev/vda1 rw").PodUid);

    [Fact]
    public void Detect_MountsOfAHost_HaveNeither() =>
        Assert.Equal(("", ""), OwnContainer.Detect("29 1 254:1 / / rw,relatime - ext4 /dev/vda1 rw\n30 29 0:5 /etc/a /etc/b rw - x y rw"));
}
