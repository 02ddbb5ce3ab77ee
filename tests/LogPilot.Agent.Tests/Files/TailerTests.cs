using LogPilot.Agent.Files;

namespace LogPilot.Agent.Tests.Files;

/// <summary>Events are there as soon as a write has returned, so nothing here waits.</summary>
public sealed class TailerTests : IDisposable
{
    private static readonly TimeSpan OrphanGrace = TimeSpan.FromSeconds(61);

    private readonly TailFixture _tail = new();

    public void Dispose() => _tail.Dispose();

    [Fact]
    public void Watch_FileGrows_ReadsWhatIsNew()
    {
        _tail.Host.Append("logs/a.log", "one\n");
        _tail.Add("a.log");
        Assert.Equal(["a.log:one"], _tail.Turn());

        _tail.Host.Append("logs/a.log", "two\nthree\n");

        Assert.Equal(["a.log:two", "a.log:three"], _tail.Turn());
        Assert.Empty(_tail.Turn());
    }

    [Fact]
    public void Watch_FileMadeLater_IsRead()
    {
        _tail.Add("*.log");
        Assert.Empty(_tail.Turn());

        _tail.Host.Append("logs/a.log", "one\n");
        _tail.Host.Append("logs/a.txt", "no\n");

        Assert.Equal(["a.log:one"], _tail.Turn());
    }

    [Fact]
    public void Watch_MoreThanAChunk_ReadsFilesInTurn()
    {
        var text = string.Concat(Enumerable.Repeat(new string('x', 511) + "\n", 6));
        _tail.Host.Append("logs/a.log", text);
        _tail.Host.Append("logs/b.log", text);
        _tail.Add("*.log");

        var order = _tail.Turn().Select(line => line[0]).ToArray();

        Assert.Equal(12, order.Length);
        Assert.Equal(6, order.Where((file, at) => at % 2 == 0 && file == order[at + 1]).Count());
        Assert.NotEqual(order[0], order[2]);
    }

    [Fact]
    public void Watch_RotatedByRename_ReadsBothToTheirEnds()
    {
        _tail.Host.Append("logs/a.log", "one\n");
        _tail.Add("a.log*");
        _tail.Turn();

        _tail.Host.Append("logs/a.log", "two\n");
        _tail.Host.Move("logs/a.log", "logs/a.log.1");
        _tail.Host.Append("logs/a.log", "three\n");
        _tail.Host.Append("logs/a.log.1", "late\n");

        Assert.Equal(["a.log:late", "a.log:three", "a.log:two"], _tail.Turn().Order());
    }

    [Fact]
    public void Watch_RotatedOutOfThePattern_IsReadUntilItIsQuiet()
    {
        _tail.Host.Append("logs/a.log", "one\n");
        _tail.Add("a.log");
        _tail.Turn();

        _tail.Host.Move("logs/a.log", "logs/old");
        _tail.Host.Append("logs/a.log", "new\n");
        Assert.Equal(["a.log:new"], _tail.Turn());
        _tail.Host.Append("logs/old", "late\n");

        Assert.Equal(["a.log:late"], _tail.TurnAfter(TimeSpan.FromSeconds(2)));
        Assert.Equal(["a.log!closed"], _tail.TurnAfter(OrphanGrace));
        Assert.Single(_tail.Tailer.Files);
    }

    [Fact]
    public void Watch_TruncatedInPlace_StartsAnew()
    {
        _tail.Host.Append("logs/a.log", "one\ntwo\n");
        _tail.Add("a.log");
        _tail.Turn();

        _tail.Host.Truncate("logs/a.log", "new\n");

        Assert.Equal(["a.log!anew", "a.log:new"], _tail.Turn());
    }

    [Fact]
    public void Watch_DeletedWhileUnread_IsReadToItsEnd()
    {
        _tail.Host.Append("logs/a.log", "one\n");
        _tail.Add("a.log");
        _tail.Turn();

        _tail.Host.Append("logs/a.log", "two\nhalf");
        _tail.Host.Delete("logs/a.log");

        Assert.Equal(["a.log:two"], _tail.Turn());
        Assert.Equal(["a.log:half", "a.log!gone"], _tail.TurnAfter(OrphanGrace));
        Assert.Empty(_tail.Tailer.Files);
    }

    [Fact]
    public void Watch_DeletedAndNotDelivered_StaysOpen()
    {
        _tail.Readers.IsSettled = false;
        _tail.Host.Append("logs/a.log", "one\n");
        _tail.Add("a.log");
        _tail.Turn();
        _tail.Host.Delete("logs/a.log");

        Assert.Empty(_tail.TurnAfter(OrphanGrace));
        Assert.Single(_tail.Tailer.Files);
        _tail.Readers.IsSettled = true;

        Assert.Equal(["a.log!gone"], _tail.TurnAfter(OrphanGrace));
    }

    [Fact]
    public void Watch_MadeWrittenAndMovedBetweenTwoLooks_IsReadUnderItsNewName()
    {
        _tail.Add("*.log*");
        _tail.Turn();

        _tail.Host.Append("logs/a.log", "one\n");
        _tail.Host.Move("logs/a.log", "logs/a.log.1");

        Assert.Equal(["a.log.1:one"], _tail.Turn());
    }

    [Fact]
    public void ReadRound_HalfALine_WaitsForItsEnd()
    {
        _tail.Add("a.log");
        foreach (var piece in (string[])["ha", "lf", " a line"])
        {
            _tail.Host.Append("logs/a.log", piece);
            Assert.Empty(_tail.Turn());
        }

        _tail.Host.Append("logs/a.log", "\nnext");

        Assert.Equal(["a.log:half a line"], _tail.Turn());
    }

    [Fact]
    public void ReadRound_LongLineInSmallPieces_IsNotReadAgainAtEach()
    {
        _tail.Options = new TailOptions { ChunkBytes = 256 * 1024 };
        _tail.LineBytesMax = 1024 * 1024;
        _tail.Add("a.log");
        _tail.Host.Append("logs/a.log", new string('x', 100_000));
        Assert.Empty(_tail.Turn());
        var reads = _tail.Readers.Reads;
        for (var piece = 0; piece < 100; piece++)
        {
            _tail.Host.Append("logs/a.log", new string('y', 1000));
            Assert.Empty(_tail.Turn());
        }

        Assert.Equal(reads, _tail.Readers.Reads);
        _tail.Host.Append("logs/a.log", "\n");

        Assert.Equal(200_000, Assert.Single(_tail.Turn()).Length - "a.log:".Length);
    }

    [Fact]
    public void ReadRound_LineLongerThanAChunk_GrowsTheChunk()
    {
        _tail.Add("a.log");
        _tail.Host.Append("logs/a.log", new string('x', 3000) + "\nnext\n");

        Assert.Equal(["a.log:" + new string('x', 3000), "a.log:next"], _tail.Turn());
    }

    [Fact]
    public void ReadRound_NoRoom_GoesOnWhenThereIs()
    {
        _tail.Readers.Room = 1;
        _tail.Host.Append("logs/a.log", "one\ntwo\n");
        _tail.Add("a.log");
        Assert.Equal(["a.log:one"], _tail.Turn());

        _tail.Readers.Room = 10;

        Assert.Equal(["a.log:two"], _tail.Turn());
    }

    [Fact]
    public void End_HalfALine_IsALine()
    {
        var source = _tail.Add("a.log");
        _tail.Host.Append("logs/a.log", "one\nhalf");
        Assert.Equal(["a.log:one"], _tail.Turn());

        _tail.Tailer.End(source);

        Assert.Equal(["a.log:half"], _tail.Turn());
        _tail.Tailer.Resume(source);
        _tail.Host.Append("logs/a.log", " again");
        Assert.Empty(_tail.Turn());
    }

    [Fact]
    public void Remove_UnreadAndHalfLine_IsDrainedFirst()
    {
        var source = _tail.Add("a.log");
        _tail.Host.Append("logs/a.log", "one\n");
        _tail.Turn();
        _tail.Host.Append("logs/a.log", "two\nhalf");

        _tail.Tailer.Remove(source);

        Assert.Equal(["a.log:two", "a.log:half", "a.log!closed"], _tail.Turn());
        Assert.Empty(_tail.Tailer.Files);
    }

    // A program that ends at once may have written and deleted its log before the agent looks.
    [Fact]
    public void Remove_FileThatWasNeverLookedAt_IsReadAllTheSame()
    {
        var source = _tail.Add("*.log");
        _tail.Turn();
        _tail.Host.Append("logs/a.log", "one\n");

        _tail.Tailer.Remove(source);

        Assert.Equal(["a.log:one", "a.log!closed"], _tail.Turn());
    }

    [Fact]
    public void Rest_File_IsNotReadBeforeItsTime()
    {
        _tail.Host.Append("logs/a.log", "one\n");
        _tail.Add("a.log");
        _tail.Turn();
        var file = Assert.Single(_tail.Tailer.Files);
        _tail.Host.Append("logs/a.log", "two\n");
        _tail.Tailer.Watch();

        _tail.Tailer.Rest(file, TimeSpan.FromSeconds(10));
        Assert.Empty(_tail.Turn());
        _tail.Host.Append("logs/a.log", "three\n");
        Assert.Empty(_tail.TurnAfter(TimeSpan.FromSeconds(9)));

        Assert.Equal(["a.log:two", "a.log:three"], _tail.TurnAfter(TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void NextDue_FileRests_IsWhenItWakes()
    {
        _tail.Host.Append("logs/a.log", "one\n");
        _tail.Add("a.log");
        _tail.Turn();
        Assert.Equal(_tail.Time.GetTimestamp() + TimeSpan.FromSeconds(30).Ticks, _tail.Tailer.NextDue);

        _tail.Tailer.Rest(_tail.Tailer.Files.Single(), TimeSpan.FromSeconds(3));

        Assert.Equal(_tail.Time.GetTimestamp() + TimeSpan.FromSeconds(3).Ticks, _tail.Tailer.NextDue);
    }

    [Fact]
    public void Offer_MoreFilesThanAllowed_WaitUntilOneIsDone()
    {
        _tail.Options = new TailOptions { FilesPerDeclarationMax = 2 };
        _tail.Host.Append("logs/1.log", "one\n");
        _tail.Host.Append("logs/2.log", "one\n");
        _tail.Add("*.log");
        Assert.Equal(2, _tail.Turn().Count);
        _tail.Host.Append("logs/3.log", "three\n");

        Assert.Empty(_tail.Turn());
        Assert.Contains(_tail.Log.Entries, entry => entry.Text.Contains("LOGPILOT_FILES_MAX", StringComparison.Ordinal));
        _tail.Host.Delete("logs/1.log");
        _tail.Turn();
        Assert.Equal(["1.log!gone"], _tail.TurnAfter(OrphanGrace));

        Assert.Contains("3.log:three", _tail.TurnAfter(TimeSpan.FromSeconds(31)));
    }

    // Random actions on a log, beside a model of what has to come out: every line once, in the order of each file.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(20240229)]
    public void Watch_RandomLifeOfALog_LosesAndRepeatsNothing(int seed)
    {
        var random = new Random(seed);
        var source = _tail.Add("a.log*");
        var expected = new List<string>();
        var seen = new List<string>();
        var rotations = 0;
        for (var action = 0; action < 300; action++)
        {
            switch (random.Next(6))
            {
                case 0 when File.Exists(_tail.Host.PathOf("logs", "a.log")):
                    _tail.Host.Move("logs/a.log", $"logs/a.log.{++rotations}");
                    break;
                case 1 when rotations > 0 && File.Exists(_tail.Host.PathOf("logs", $"a.log.{rotations}")):
                    // As after a look: what is deleted before anybody has seen it is beyond help.
                    seen.AddRange(_tail.Turn());
                    _tail.Host.Delete($"logs/a.log.{rotations}");
                    break;
                case 2:
                    seen.AddRange(_tail.TurnAfter(TimeSpan.FromSeconds(random.Next(90))));
                    break;
                default:
                    expected.Add($"line {action}");
                    _tail.Host.Append("logs/a.log", $"line {action}\n");
                    break;
            }
        }

        seen.AddRange(_tail.Turn());
        _tail.Tailer.Remove(source);
        seen.AddRange(_tail.Turn());

        var lines = seen.Where(one => !one.Contains('!')).Select(one => one[(one.IndexOf(':') + 1)..]);
        Assert.True(expected.Order().SequenceEqual(lines.Order()), $"Seed {seed}: {string.Join(", ", seen)}");
    }

    [Fact]
    public void Watch_FileSystemFailsForOneLog_OthersAreReadAndItIsWhenItAnswers()
    {
        _tail.Readers.Fails = "bad";
        _tail.Add("bad.log", name: "bad");
        _tail.Add("good.log", name: "good");
        _tail.Host.Append("logs/bad.log", "one\n");
        _tail.Host.Append("logs/good.log", "two\n");

        Assert.Equal(["good.log:two"], _tail.Turn());
        Assert.Contains(_tail.Log.Entries, entry => entry.Text.Contains("cannot look at bad.log", StringComparison.Ordinal));
        _tail.Readers.Fails = null;

        Assert.Equal(["bad.log:one"], _tail.TurnAfter(TimeSpan.FromMinutes(1)));
    }
}
