using System.Text;
using LogPilot.Agent.Shipping;

namespace LogPilot.Agent.Tests.Shipping;

public sealed class DeadLettersTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("logpilot-letters-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void TryAppend_ManyLetters_StaysInsideTheLimitAndKeepsTheNewest()
    {
        var letters = new DeadLetters(_directory.FullName, 10_000, TimeProvider.System);

        for (var i = 0; i < 500; i++)
        {
            Assert.True(letters.TryAppend([Letter($$"""{"n":{{i}}}""")], out _));
        }

        var files = _directory.GetFiles();
        Assert.Equal(2, files.Length);
        Assert.True(files.Sum(file => file.Length) <= 10_000);
        Assert.EndsWith("\"document\":{\"n\":499}}", File.ReadAllLines(letters.Path)[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void TryAppend_AfterATornLine_StartsOnALineOfItsOwn()
    {
        var letters = new DeadLetters(_directory.FullName, 10_000, TimeProvider.System);
        File.WriteAllText(letters.Path, "{\"whole\":1}\n{\"torn");

        letters.TryAppend([Letter("no json")], out _);

        var lines = File.ReadAllLines(letters.Path);
        Assert.Equal("{\"whole\":1}", lines[0]);
        Assert.EndsWith("\"document\":\"no json\"}", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void TryAppend_DirectoryIsAFile_SaysSo()
    {
        var path = Path.Combine(_directory.FullName, "file");
        File.WriteAllText(path, "");

        var written = new DeadLetters(path, 10_000, TimeProvider.System).TryAppend([Letter("{}")], out var error);

        Assert.False(written);
        Assert.Contains("cannot be written", error, StringComparison.Ordinal);
    }

    private static DeadLetter Letter(string document) => new("logs", "/s", "why", Encoding.UTF8.GetBytes(document));
}
