using System.Text;
using LogPilot.Agent.Containers;
using LogPilot.Agent.Declarations;

namespace LogPilot.Agent.Tests.Declarations;

/// <summary>Whoever writes a container's labels and env is not trusted.</summary>
public sealed class HostileDeclarationTests
{
    [Fact]
    public void Read_ThousandsOfLogs_KeepsTheFirstAndRejectsTheRestOnce()
    {
        var set = new DeclaringContainer()
            .Env([.. Enumerable.Range(0, 20_000).Select(i => $"aliyun_logs_l{i:d5}=stdout")])
            .Read();

        Assert.Equal(DeclarationKeys.LogsMax, set.Logs.Count);
        Assert.Equal(
            "more than 256 logs are declared: l00256 and those after it are rejected",
            Assert.Single(set.Errors).Text);
    }

    [Fact]
    public void Read_ThousandsOfUnknownKeys_BoundsNotices()
    {
        var container = DeclaringContainer.OfLogA("stdout");
        for (var i = 0; i < 5_000; i++)
        {
            container.Label($"aliyun.logs.a.x{i}", "y");
        }

        var set = container.Read();

        Assert.Single(set.Logs);
        Assert.Equal(DeclarationNotices.CountMax + 1, set.Notices.Count);
        Assert.Equal("and 4936 more notices", set.Notices[^1]);
    }

    [Fact]
    public void Read_ThousandsOfOrphans_BoundsErrors()
    {
        var set = new DeclaringContainer()
            .Env([.. Enumerable.Range(0, 5_000).Select(i => $"aliyun_logs_l{i:d5}_tags=k=v")])
            .Read();

        Assert.Equal(DeclarationKeys.LogsMax + 1, set.Errors.Count);
    }

    [Fact]
    public void Read_ThousandsOfTags_IsError()
    {
        var tags = string.Join(',', Enumerable.Range(0, 5_000).Select(i => $"k{i}=v"));

        Assert.Equal(
            "parse tags for a error: 5000 tags are more than 64",
            DeclaringContainer.OfLogA("stdout", ("tags", tags)).ReadError());
    }

    // Differs: log-pilot collects a log without a name.
    [Theory]
    [InlineData("aliyun.logs.")]
    [InlineData("aliyun_logs_")]
    public void Read_EmptyName_IsError(string key)
    {
        var container = key.Contains('.', StringComparison.Ordinal)
            ? new DeclaringContainer().Label(key, "stdout")
            : new DeclaringContainer().Env(key + "=stdout");

        Assert.Equal("the name of a log is empty", container.ReadError());
    }

    [Fact]
    public void Read_EmptyNameWithProperty_HasNoParentNode()
    {
        Assert.Equal(" has no parent node", new DeclaringContainer().Label("aliyun.logs..tags", "k=v").ReadError());
    }

    [Fact]
    public void Read_LongName_IsError()
    {
        var error = new DeclaringContainer().Env($"aliyun_logs_{new string('x', 100_000)}=stdout").ReadError();

        Assert.EndsWith("… is longer than 200 characters", error, StringComparison.Ordinal);
        Assert.True(error.Length < 600);
    }

    [Theory]
    [InlineData("aliyun.logs.a\nb", "stdout")]
    [InlineData("aliyun.logs.a", "x\n2026-01-01 forged line")]
    [InlineData("aliyun.logs.a", "/x\u2028\u0085y\u001b[31m")]
    public void Read_ControlCharacters_CannotForgeLinesOfTheAgentsLog(string key, string value)
    {
        var error = new DeclaringContainer().Label(key, value).ReadError();

        Assert.DoesNotContain(error, character => char.IsControl(character) || character == '\u2028');
    }

    [Fact]
    public void Read_ZeroCharacterInPath_IsError()
    {
        Assert.Equal(
            "path for a has a zero character",
            DeclaringContainer.OfLogA("/logs/a\0b").Mount("/s", "/logs").ReadError());
    }

    [Fact]
    public void Read_LongPath_IsError()
    {
        Assert.Equal(
            "path for a is longer than 4096 characters",
            DeclaringContainer.OfLogA("/" + new string('x', 5000)).Mount("/s", "/logs").ReadError());
    }

    [Fact]
    public void Read_NullValues_DoNotThrow()
    {
        var set = new DeclaringContainer()
            .Label("aliyun.logs.a", null!).Env(null!, "", "=", "aliyun_logs_b=").Mount(null!, null!)
            .Read();

        Assert.Equal(["path for a is empty", "path for b is empty"], set.Errors.Select(error => error.Text));
    }

    [Fact]
    public void Read_AnyInput_NeverThrowsAndKeepsItsPromises()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        for (var round = 0; round < 3_000; round++)
        {
            var container = RandomContainer(random);
            try
            {
                var set = new DeclarationReader(new DeclarationOptions { Prefixes = ["aliyun", "c"] }).Read(container);

                Assert.All(set.Logs, AssertValid);
                Assert.Equal(set.Logs.Count, set.Logs.Select(log => log.Name).Distinct().Count());
                Assert.All(set.Errors, error => Assert.DoesNotContain('\n', error.Log + error.Text + error.Fix));
                Assert.All(set.Notices, notice => Assert.DoesNotContain('\n', notice));
                Assert.Empty(set.Logs.Select(log => log.Name).Intersect(set.Errors.Select(error => error.Log)));
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"seed {seed}, round {round}", exception);
            }
        }
    }

    private static void AssertValid(LogDeclaration log)
    {
        Assert.NotEmpty(log.Index);
        Assert.True(Encoding.UTF8.GetByteCount(log.Index) <= 225);
        Assert.Equal(log.Index, IndexName.MakeValid(log.Index));
        Assert.Equal(log.Path is null, log.Streams != StandardStreams.None);
        if (log.Path is { } path)
        {
            Assert.StartsWith("/", path.Root, StringComparison.Ordinal);
            Assert.DoesNotContain(path.Pattern.Split('/'), part => part is "" or "." or "..");
        }
    }

    private static ContainerSnapshot RandomContainer(Random random)
    {
        string[] keyPieces = ["aliyun", "c", ".logs.", "_logs_", "a", "b", ".", "_", "format", "tags", "target", "pattern",
            "multiline", "time_key", "max_lines", "custom_config", "include", "max_bytes", "encoding", "keys", "\n", "é", "\ud800", ""];
        string[] valuePieces = ["stdout", "/", "logs", "*", "**", "..", "[", "]", "?", "a.log", "=", ",", "k=v", "json",
            "regexp", "csv", "(", ")", "\\", " ", "\n", "\0", "5s", "true", "java", "gbk", "a.", "fields.", "é", "😀", "\ud800", ""];
        string Text(string[] pieces, int most)
            => string.Concat(Enumerable.Range(0, random.Next(most)).Select(_ => pieces[random.Next(pieces.Length)]));
        string Key()
            => random.Next(4) == 0
                ? Text(keyPieces, 8)
                : (random.Next(2) == 0 ? "aliyun.logs." : "c_logs_") + Text(keyPieces[4..], 5);
        string Value()
            => random.Next(3) == 0 ? "/logs/" + Text(valuePieces, 6) : Text(valuePieces, 5);

        var labels = new Dictionary<string, string>();
        for (var i = random.Next(12); i > 0; i--)
        {
            labels[Key()] = Value();
        }

        return new ContainerSnapshot
        {
            Id = "",
            Name = "",
            Labels = labels,
            Env = [.. Enumerable.Range(0, random.Next(12)).Select(_ => $"{Key()}={Value()}")],
            Mounts = [.. Enumerable.Range(0, random.Next(4)).Select(_ => new ContainerMount(
                random.Next(2) == 0 ? "bind" : "volume",
                random.Next(3) == 0 ? Value() : "/s",
                random.Next(2) == 0 ? "/logs" : Value()))],
        };
    }
}
