using System.Text.Json;
using LogPilot.Agent.Containers;
using LogPilot.Agent.Containers.Cri;
using static LogPilot.Agent.Tests.Support.ProtobufText;

namespace LogPilot.Agent.Tests.Containers;

public sealed class CriContainerTests
{
    private const string Info =
        """
        {"sandboxID":"83ee","pid":7465,"runtimeOptions":null,
         "config":{"metadata":{"name":"app"},"envs":[{"key":"aliyun_logs_x","value":"stdout"},{"key":"EMPTY"}],
          "mounts":[{"container_path":"/logs","host_path":"/srv"}]},
         "runtimeSpec":{"process":{"args":["sh"],"env":["PATH=/bin","aliyun_logs_x=stdout","EMPTY="]},
          "mounts":[{"destination":"/proc","type":"proc","source":"proc","options":["nosuid"]},
           {"destination":"/data","type":"bind","source":"/var/lib/volume"}]}}
        """;

    private static readonly byte[] Labels = Message(
        Entry(12, "io.kubernetes.container.name", "app"),
        Entry(12, "io.kubernetes.pod.name", "web-0"),
        Entry(12, "io.kubernetes.pod.namespace", "shop"),
        Entry(12, "io.kubernetes.pod.uid", "8c1e"));

    [Fact]
    public void Read_StatusOfARuntime_IsASnapshot()
    {
        var inspection = CriContainer.Read(Answer(Info));

        var snapshot = inspection.Snapshot;
        Assert.Equal(("c1", "k8s_app_web-0_shop_8c1e_3", "tomcat:9"), (snapshot.Id, snapshot.Name, snapshot.Image));
        Assert.Equal(("cri", "/var/log/pods/shop_web-0_8c1e/app/3.log"), (snapshot.LogDriver, snapshot.LogPath));
        Assert.Equal(ContainerState.Running, snapshot.State);
        Assert.Equal("shop", snapshot.Labels["io.kubernetes.pod.namespace"]);
        Assert.Equal(["PATH=/bin", "aliyun_logs_x=stdout", "EMPTY="], snapshot.Env);
        Assert.Equal([new ContainerMount("bind", "/var/lib/volume", "/data")], snapshot.Mounts);
        Assert.Equal(("1700000000000000001", "0"), (inspection.StartedAt, inspection.FinishedAt));
    }

    [Fact]
    public void Read_InfoWithoutASpec_HasWhatKubeletAskedFor()
    {
        var snapshot = CriContainer.Read(Answer("""{"config":{"envs":[{"key":"A","value":"b=c"},{"key":"EMPTY"},{"value":"x"},null,5]}}""")).Snapshot;

        Assert.Equal(["A=b=c", "EMPTY="], snapshot.Env);
        Assert.Equal([new ContainerMount("bind", "/srv", "/logs")], snapshot.Mounts);
    }

    [Fact]
    public void Read_NoInfo_HasNoEnv() => Assert.Empty(CriContainer.Read(Message(Field(1, Status()))).Snapshot.Env);

    [Theory]
    [InlineData("text")]
    [InlineData("{")]
    [InlineData("""{"runtimeSpec":{"process":{"env":["\ud800"]}}}""")]
    public void Read_InfoThatIsNoJson_SaysSo(string info) => Assert.ThrowsAny<JsonException>(() => CriContainer.Read(Answer(info)));

    [Theory]
    [InlineData("[]")]
    [InlineData("5")]
    [InlineData("""{"runtimeSpec":[],"config":"x"}""")]
    [InlineData("""{"runtimeSpec":{"process":{"env":{"A":"b"}},"mounts":[[],"x",{"type":["bind"]}]}}""")]
    public void Read_InfoOfAnotherShape_HasNoEnv(string info) => Assert.Empty(CriContainer.Read(Answer(info)).Snapshot.Env);

    [Theory]
    [InlineData(0, ContainerState.Created)]
    [InlineData(1, ContainerState.Running)]
    [InlineData(2, ContainerState.Ended)]
    [InlineData(3, ContainerState.Running)]
    public void StateOf_EachState_IsOneOfALife(int state, object expected) => Assert.Equal(expected, CriContainer.StateOf((ulong)state));

    [Fact]
    public void Read_AnswerWithoutAContainer_IsRefused() =>
        Assert.Throws<InvalidDataException>(() => CriContainer.Read(Message(Entry(2, "info", "{}"))));

    [Fact]
    public void Read_AnswerCutAnywhere_IsRefusedOrWhole()
    {
        var answer = Answer(Info);
        for (var length = 0; length < answer.Length; length++)
        {
            try
            {
                Assert.Equal("c1", CriContainer.Read(answer.AsSpan(0, length)).Snapshot.Id);
            }
            catch (Exception refused) when (refused is InvalidDataException or JsonException)
            {
            }
        }
    }

    [Fact]
    public void Listings_Read_TellsEachContainerAndItsState()
    {
        var listings = new CriListings();

        var first = listings.Read(Message(Listed("a", 1), Listed("b", 0)));
        var second = listings.Read(Message(Listed("a", 2), Field(9, "unknown"), Listed("c", 1)));

        Assert.Equal(["a Running", "b Created"], first.Select(one => $"{one.Id} {one.State}"));
        Assert.Equal(["a Ended", "c Running"], second.Select(one => $"{one.Id} {one.State}"));
        Assert.Equal("k8s_app_web-0_shop_8c1e_3", second[0].Name);
    }

    [Fact]
    public void Listings_ReadAgain_MakesNoTextAnew()
    {
        var listings = new CriListings();
        var message = Message(Listed("a", 1));

        Assert.Same(listings.Read(message)[0], listings.Read(message)[0]);
    }

    private static byte[] Listed(string id, ulong state) => Field(1, Message(
        Field(1, id),
        Field(3, Message(Field(1, "app"), Field(2, 3))),
        Field(6, state),
        Entry(8, "io.kubernetes.pod.name", "web-0"),
        Entry(8, "io.kubernetes.pod.namespace", "shop"),
        Entry(8, "io.kubernetes.pod.uid", "8c1e")));

    private static byte[] Answer(string info) => Message(Field(1, Status()), Entry(2, "info", info));

    private static byte[] Status() => Message(
        Field(1, "c1"),
        Field(2, Message(Field(1, "app"), Field(2, 3))),
        Field(3, 1),
        Field(5, 1_700_000_000_000_000_001),
        Field(8, Message(Field(1, "tomcat:9"))),
        Labels,
        Field(14, Message(Field(1, "/logs"), Field(2, "/srv"))),
        Field(15, "/var/log/pods/shop_web-0_8c1e/app/3.log"));
}
