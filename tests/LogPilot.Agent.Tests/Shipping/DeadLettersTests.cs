using System.Text;
using LogPilot.Agent.Shipping;
using LogPilot.Agent.Tests.Support;

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

        var files = _directory.GetFiles("*.ndjson");
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

    [Fact]
    public async Task TryAppend_PathIsAFifo_SaysSo()
    {
        using var scratch = new ScratchDirectory();
        scratch.MakeFifo("dead-letters.ndjson");
        var letters = new DeadLetters(scratch.Root, 10_000, TimeProvider.System);

        // Whoever takes it for a file waits for a reader, or loses the letter to one.
        var (isWritten, text) = await Task.Run(() => (letters.TryAppend([Letter("{}")], out var error), error)).WaitAsync(TimeSpan.FromSeconds(10));

        Assert.False(isWritten);
        Assert.Contains("is not a file", text, StringComparison.Ordinal);
    }

    [Fact]
    public void TryAppend_AnotherProcessMovesTheFile_WritesNothingAndCanTryAgain()
    {
        var letters = new DeadLetters(_directory.FullName, 10_000, TimeProvider.System);
        letters.TryAppend([Letter("{}")], out _);

        bool during;
        using (File.OpenHandle(Path.Combine(_directory.FullName, "dead-letters.lock"), FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            during = letters.TryAppend([Letter("{}")], out _);
        }

        var after = letters.TryAppend([Letter("{}")], out _);

        Assert.Equal((false, true), (during, after));
        Assert.Equal(2, File.ReadAllLines(letters.Path).Length);
    }

    [Fact]
    public void Take_BothGenerationsAndAnAttemptBefore_GivesTheOldestFirst()
    {
        var letters = new DeadLetters(_directory.FullName, 10_000, TimeProvider.System);
        foreach (var name in (string[])["dead-letters.ndjson", "dead-letters.1.ndjson", "dead-letters.resend-9.ndjson"])
        {
            File.WriteAllText(Path.Combine(_directory.FullName, name), name);
        }

        var taken = letters.Take();

        Assert.Equal(["dead-letters.resend-9.ndjson", "dead-letters.1.ndjson", "dead-letters.ndjson"], taken.Select(File.ReadAllText));
        Assert.False(File.Exists(letters.Path));
        Assert.True(letters.Any);
    }

    [Fact]
    public void Take_NoDirectory_IsEmpty()
    {
        var letters = new DeadLetters(Path.Combine(_directory.FullName, "none"), 10_000, TimeProvider.System);

        Assert.Empty(letters.Take());
        Assert.False(letters.Any);
    }

    private static DeadLetter Letter(string document) => new("logs", "1", "/s", "why", Encoding.UTF8.GetBytes(document));
}
