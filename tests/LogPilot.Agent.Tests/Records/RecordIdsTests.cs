using System.Text;
using LogPilot.Agent.Records;

namespace LogPilot.Agent.Tests.Records;

public sealed class RecordIdsTests
{
    private const string Time = "2024-02-29T12:00:00.000000001Z";

    // A change of this id makes every upgraded agent send what it replays a second time.
    [Fact]
    public void Write_KnownRecord_GivesTheKnownId()
    {
        Assert.Equal("80UY-iRZs2reAAAAABJntRXUYTlN75s", IdOf(new RecordIds("0123abcd", "web\0web", 0), 4711, Time, "hello"));
        Assert.Equal("4LAEpEPyT6bWAAAAAAAAlVXoVVxi3P0", IdOf(new RecordIds("0:1f:2e", "web\0web", 3), 0, "", "hello"));
    }

    [Fact]
    public void Write_AnyDifference_GivesAnotherId()
    {
        var ids = new List<string>
        {
            IdOf(new RecordIds("owner", "log", 0), 1, Time, "text"),
            IdOf(new RecordIds("other", "log", 0), 1, Time, "text"),
            IdOf(new RecordIds("owner", "other", 0), 1, Time, "text"),
            IdOf(new RecordIds("owner", "log", 1), 1, Time, "text"),
            IdOf(new RecordIds("owner", "log", 0), 2, Time, "text"),
            IdOf(new RecordIds("owner", "log", 0), 1, Time, "texT"),
            IdOf(new RecordIds("owner", "log", 0), 1, "2024-02-29T12:00:00.000000002Z", "text"),
            IdOf(new RecordIds("owner", "log", 0), 1, "", "text"),
            IdOf(new RecordIds("owner", "log", 0), 1, "", ""),
        };

        Assert.Equal(ids.Count, ids.Distinct().Count());
    }

    [Fact]
    public void Write_Anything_Gives31CharactersOfAnId()
    {
        foreach (var offset in (long[])[0, 1, 255, 1 << 20, (1L << 48) - 1])
        {
            Assert.Matches("^[A-Za-z0-9_-]{31}$", IdOf(new RecordIds("o", "l", uint.MaxValue), offset, "", "x"));
        }
    }

    [Fact]
    public void Write_EqualLinesAtManyOffsets_GivesAsManyIds()
    {
        var ids = new RecordIds("owner", "log", 0);
        var seen = new HashSet<string>();
        for (var offset = 0; offset < 20_000; offset++)
        {
            Assert.True(seen.Add(IdOf(ids, offset, "", "the same line")), $"Offset {offset} gives an id twice.");
        }
    }

    // Files of a container share its stream: there the engine's time has to tell equal offsets apart.
    [Fact]
    public void Write_SameOffsetAtManyTimes_GivesAsManyIds()
    {
        var ids = new RecordIds("owner", "log", 0);
        var seen = new HashSet<string>();
        for (var nanosecond = 0; nanosecond < 20_000; nanosecond++)
        {
            Assert.True(seen.Add(IdOf(ids, 0, $"2024-02-29T12:00:00.{nanosecond:d9}Z", "the same line")), $"Nanosecond {nanosecond}.");
        }
    }

    [Fact]
    public void Write_IdsOfOneFile_ShareTheirStart()
    {
        var ids = new RecordIds("owner", "log", 0);

        Assert.Equal(IdOf(ids, 1, Time, "a")[..16], IdOf(ids, 60_000, "", "b")[..16]);
    }

    private static string IdOf(RecordIds ids, long offset, string time, string text)
    {
        var id = new byte[RecordIds.Length];
        ids.Write(offset, Encoding.UTF8.GetBytes(time), Encoding.UTF8.GetBytes(text), id);
        return Encoding.ASCII.GetString(id);
    }
}
