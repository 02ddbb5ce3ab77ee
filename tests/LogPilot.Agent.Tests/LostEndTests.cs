using LogPilot.Agent.Tests.Support;

namespace LogPilot.Agent.Tests;

/// <summary>
/// A power cut takes the last lines of a log that were not on disk yet, after they were delivered and their checkpoint was forced to
/// disk. The file goes on below its checkpoint, and no line of those that come then may be lost.
/// </summary>
public sealed class LostEndTests : IDisposable
{
    private const int LinesBefore = 100;
    private const int LinesKept = 60;

    private readonly PassFixture _fixture = new();
    private readonly HashSet<string> _stored = [];

    public void Dispose() => _fixture.Dispose();

    [Theory]
    [InlineData(false, 5)]
    [InlineData(false, 39)]
    [InlineData(false, 100)]
    [InlineData(true, 5)]
    [InlineData(true, 39)]
    [InlineData(true, 100)]
    public void PowerCut_LogLostItsEnd_LaterLinesAreStored(bool grewBeforeTheStart, int linesAfter)
    {
        _fixture.AddRaw();
        Append(1, LinesBefore);
        Deliver();
        Assert.Equal(LinesBefore, _stored.Count);

        var path = _fixture.Scratch.PathOf("host", "logs", "app.log");
        var kept = string.Join('\n', File.ReadLines(path).Take(LinesKept)) + "\n";
        _fixture.PowerCut(_fixture.CheckpointBytes);
        _fixture.Scratch.Truncate("host/logs/app.log", kept);
        if (grewBeforeTheStart)
        {
            Append(LinesBefore + 1, linesAfter);
        }

        _fixture.AddRaw();
        Deliver();
        if (!grewBeforeTheStart)
        {
            Append(LinesBefore + 1, linesAfter);
            Deliver();
        }

        var missing = Enumerable.Range(1, LinesBefore + linesAfter).Select(TextOf).Where(text => !_stored.Contains(text)).ToList();
        Assert.True(missing.Count == 0, $"{missing.Count} lines are missing, {string.Join(", ", missing.Take(3))}.");
    }

    private void Append(int first, int count) => _fixture.Scratch.Append(
        "host/logs/app.log", string.Concat(Enumerable.Range(first, count).Select(number => TextOf(number) + "\n")));

    private void Deliver() => _stored.UnionWith(_fixture.DeliverAll().Select(document => document.Message));

    private static string TextOf(int number) => $"12:00:00 line {number:d5}";
}
