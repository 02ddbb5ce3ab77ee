using System.Text.Json;
using LogPilot.Agent.Containers;
using LogPilot.Agent.Declarations;
using LogPilot.Agent.Records;

namespace LogPilot.Agent.Tests.Records;

public sealed class ContainerMetadataTests
{
    private static readonly ContainerSnapshot Container = new()
    {
        Id = "4f2d",
        Name = "c1",
        Image = "shop/web:1.2",
        Labels = new Dictionary<string, string>
        {
            ["io.kubernetes.pod.uid"] = "u-1",
            ["app.kubernetes.io/version"] = "1.2",
            ["a.b"] = "first",
            ["a_b"] = "second",
            ["empty"] = "",
        },
        Env = ["APP_VERSION=1", "OTHER=x", "APP_VERSION=2=b", "APP_VERSION_OLD=0", "EMPTY="],
    };

    [Fact]
    public void Encode_NothingChosen_HasNone() => Assert.Equal(["docker_container"], Names(MetadataOptions.None));

    [Fact]
    public void Encode_Chosen_GiveTheirFields()
    {
        var fields = Fields(new MetadataOptions
        {
            ContainerId = true,
            Image = true,
            PodUid = true,
            Labels = ["app.kubernetes.io/version"],
            Env = ["APP_VERSION"],
        });

        Assert.Equal(
            [
                ("docker_container", "c1"), ("docker_container_id", "4f2d"), ("docker_image", "shop/web:1.2"), ("k8s_pod_uid", "u-1"),
                ("docker_label_app_kubernetes_io_version", "1.2"), ("docker_env_APP_VERSION", "2=b"),
            ],
            fields);
    }

    [Fact]
    public void Encode_WhatTheContainerLacks_GivesNoField() =>
        Assert.Equal(["docker_container"], Names(new MetadataOptions { Labels = ["none", "empty"], Env = ["NONE", "EMPTY", "APP"] }));

    [Fact]
    public void Encode_LabelsOfOneFieldName_GiveOneField() =>
        Assert.Equal(
            [("docker_container", "c1"), ("docker_label_a_b", "first")],
            Fields(new MetadataOptions { Labels = ["a.b", "a_b"] }));

    // The container chooses how long its labels are, and each is in each document.
    [Theory]
    [InlineData("x", 1024)]
    [InlineData("😀", 1024)]
    [InlineData("😀x", 1023)]
    public void Encode_LongValue_IsCutBetweenCharacters(string piece, int expected)
    {
        var container = Container with { Labels = new Dictionary<string, string> { ["long"] = string.Concat(Enumerable.Repeat(piece, 2000)) } };

        var value = Fields(new MetadataOptions { Labels = ["long"] }, container)[1].Value;

        Assert.Equal(expected, value.Length);
        Assert.DoesNotContain('\ufffd', value);
    }

    [Theory]
    [InlineData("docker_container_id")]
    [InlineData("docker_image")]
    [InlineData("k8s_pod_uid")]
    [InlineData("docker_label_team")]
    [InlineData("docker_env_TEAM")]
    public void Encode_TagOfSuchAName_IsLeftOut(string tag)
    {
        var declaration = new LogDeclaration { Name = "web", Index = "web", Topic = "tp", Tags = [new(tag, "forged")] };

        Assert.DoesNotContain(RecordFields.List(declaration, null, new RecordOptions()), field => field.Name == tag);
    }

    [Theory]
    [InlineData("a.b/c d", "a_b_c_d")]
    [InlineData("größe-1_x", "größe-1_x")]
    [InlineData("*\\\"😀", "_____")]
    public void FieldName_OtherCharacters_BecomeUnderscores(string name, string expected) =>
        Assert.Equal(expected, ContainerMetadata.FieldName(name));

    private static IEnumerable<string> Names(MetadataOptions options) => Fields(options).Select(field => field.Name);

    private static List<(string Name, string Value)> Fields(MetadataOptions options, ContainerSnapshot? container = null)
    {
        var declaration = new LogDeclaration { Name = "web", Index = "web", Topic = "tp" };
        var encoded = RecordFields.Encode(declaration, container ?? Container, new RecordOptions { Metadata = options });
        using var parsed = JsonDocument.Parse("{\"_\":0" + System.Text.Encoding.UTF8.GetString(encoded) + "}");
        return [.. parsed.RootElement.EnumerateObject().Skip(3).Select(field => (field.Name, field.Value.GetString()!))];
    }
}
