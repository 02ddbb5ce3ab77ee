using System.IO.Compression;
using LogPilot.Agent.Files;
using LogPilot.Agent.Shipping;
using LogPilot.Agent.Tests.Support;

namespace LogPilot.Agent.Tests;

/// <summary>Logs that are rotated while they are read, and while nobody reads them.</summary>
public sealed class RotationChainTests : IDisposable
{
    private const string Logs = "host/logs/";
    private const string Stdout = Logs + "c1-json.log";
    private static readonly TimeSpan PastAnyGrace = TimeSpan.FromSeconds(70);

    private readonly PassFixture _agent = new();

    public void Dispose() => _agent.Dispose();

    // The engine's own rotation.
    [Fact]
    public void Stdout_CompressedWhileTheAgentWasDown_GoesOnInTheMiddle()
    {
        _agent.AddStdout();
        _agent.AppendEntry("one\\n", second: 1);
        Deliver("one");
        _agent.AppendEntry("two\\n", second: 2);
        RotateStdout();
        Compress(Stdout + ".1");
        _agent.AppendEntry("three\\n", second: 3);

        _agent.Crash();
        _agent.AddStdout();

        Deliver("two", "three");
    }

    [Fact]
    public void Stdout_RotatedAndCompressedTwiceWhileTheAgentWasDown_IsReadOldestFirst()
    {
        _agent.AddStdout();
        _agent.AppendEntry("one\\n", second: 1);
        Deliver("one");
        _agent.AppendEntry("two\\n", second: 2);
        RotateStdout();
        Compress(Stdout + ".1");
        _agent.AppendEntry("three\\n", second: 3);
        File.Move(Path(Stdout + ".1.gz"), Path(Stdout + ".2.gz"));
        RotateStdout();
        Compress(Stdout + ".1");
        _agent.AppendEntry("four\\n", second: 4);

        _agent.Crash();
        _agent.AddStdout();

        Deliver("two", "three", "four");
    }

    [Fact]
    public void Stdout_CompressedWhileItIsRead_IsNotReadAgain()
    {
        _agent.AddStdout();
        _agent.AppendEntry("one\\n", second: 1);
        Deliver("one");
        RotateStdout();
        _agent.AppendEntry("two\\n", second: 2);
        Deliver("two");
        Compress(Stdout + ".1");
        _agent.Time.Advance(PastAnyGrace);
        Deliver();

        _agent.Crash();
        _agent.AddStdout();

        Deliver();
        Assert.Equal(2, _agent.Checkpoints.Count);
    }

    [Fact]
    public void Stdout_FirstStart_ReadsCompressedOnesToo()
    {
        _agent.AppendEntry("one\\n", second: 1);
        RotateStdout();
        Compress(Stdout + ".1");
        _agent.AppendEntry("two\\n", second: 2);

        _agent.AddStdout();

        Deliver("one", "two");
    }

    [Fact]
    public void Stdout_RotatedInTheMiddleOfALine_IsOneLine()
    {
        _agent.AddStdout();
        _agent.AppendEntry("he", second: 1);
        _agent.AppendEntry("err 1\\n", stream: "stderr", second: 2);
        _agent.AppendEntry("er", stream: "stderr", second: 3);
        RotateStdout();
        _agent.AppendEntry("llo\\n", second: 4);
        _agent.AppendEntry("r 2\\n", stream: "stderr", second: 5);

        Deliver("err 1", "hello", "err 2");
        Assert.All(_agent.Checkpoints, one => Assert.Equal(one.Acked, one.ResumeFrom));
    }

    [Fact]
    public void Stdout_KilledBetweenTheHalvesOfALine_IsOneLineWithOneId()
    {
        _agent.AddStdout();
        _agent.AppendEntry("he", second: 1);
        RotateStdout();
        _agent.AppendEntry("llo\\n", second: 2);
        _agent.AppendEntry("more\\n", second: 3);
        _agent.Turn();
        var sent = _agent.InFlight.SelectMany(SentDocument.Of).ToList();

        _agent.Crash();
        _agent.AddStdout();

        Assert.Equal(["hello", "more"], sent.Select(one => one.Message));
        Assert.Equal(sent, _agent.DeliverAll());
        _agent.Crash();
        _agent.AddStdout();
        Deliver();
    }

    [Fact]
    public void Stdout_ContinuedLineHeld_IsReadAgainWhole()
    {
        _agent.AddStdout();
        _agent.AppendEntry("he", second: 1);
        RotateStdout();
        _agent.AppendEntry("llo\\n", second: 2);
        _agent.Turn();

        _agent.Answer(0, RangeOutcome.Held);
        _agent.Time.Advance(TimeSpan.FromSeconds(6));
        _agent.Turn();
        _agent.Time.Advance(TimeSpan.FromSeconds(6));

        Deliver("hello");
    }

    // The end of a record that was cut in two says nothing of its time in the first kilobyte.
    [Fact]
    public void Stdout_BeginsWithALongEntryAsOthersDo_GoesOnInTheMiddleOfItsCopy()
    {
        var entry = new string('x', 1500);
        _agent.LineBytesMax = 4000;
        _agent.Shipping = new ShippingOptions { BatchBytes = 16 * 1024, BatchCount = 4 };
        _agent.AddStdout();
        _agent.AppendEntry(entry + "\\n", second: 1);
        _agent.AppendEntry("two\\n", second: 2);
        Deliver(entry, "two");
        RotateStdout();
        _agent.AppendEntry(entry + "\\n", second: 3);
        Deliver(entry);
        _agent.AppendEntry("four\\n", second: 4);

        _agent.Stop();
        Compress(Stdout + ".1");
        File.Move(Path(Stdout + ".1.gz"), Path(Stdout + ".2.gz"));
        RotateStdout();
        Compress(Stdout + ".1");
        _agent.AppendEntry("five\\n", second: 5);
        _agent.AddStdout();

        Deliver("four", "five");
    }

    [Fact]
    public void Stdout_CompressedOneBeginsAsTheLiveOne_IsReadForItself()
    {
        var entry = new string('x', 1500);
        _agent.LineBytesMax = 4000;
        _agent.Shipping = new ShippingOptions { BatchBytes = 16 * 1024, BatchCount = 4 };
        _agent.AppendEntry(entry + "\\n", second: 1);
        _agent.AppendEntry("two\\n", second: 2);
        RotateStdout();
        _agent.AppendEntry(entry + "\\n", second: 3);
        Compress(Stdout + ".1");

        _agent.AddStdout();

        Deliver(entry, "two", entry);
    }

    // The engine renames one file after the other, and a scan may come in between.
    [Theory]
    [InlineData(".gz")]
    [InlineData("")]
    public void Stdout_SeenUnderNoNameWhileItIsRenamed_IsNotReadAgain(string compression)
    {
        _agent.AddStdout();
        _agent.AppendEntry("one\\n", second: 1);
        RotateStdout();
        _agent.AppendEntry("two\\n", second: 2);
        if (compression.Length > 0)
        {
            Compress(Stdout + ".1");
        }

        Deliver("one", "two");
        _agent.Time.Advance(PastAnyGrace);
        Deliver();

        _agent.Scratch.Move(Stdout + ".1" + compression, Logs + "between-two-names");
        Deliver();
        _agent.Scratch.Move(Logs + "between-two-names", Stdout + ".2" + compression);

        Deliver();
    }

    [Fact]
    public void Stdout_ManyRotations_LeaveNoCheckpointsBehind()
    {
        _agent.AddStdout();
        for (var rotation = 0; rotation < 20; rotation++)
        {
            _agent.AppendEntry($"line {rotation}\\n", second: rotation);
            Deliver($"line {rotation}");
            File.Delete(Path(Stdout + ".2"));
            if (File.Exists(Path(Stdout + ".1")))
            {
                File.Move(Path(Stdout + ".1"), Path(Stdout + ".2"));
            }

            RotateStdout();
            _agent.Time.Advance(PastAnyGrace);
            Deliver();
        }

        Assert.InRange(_agent.Checkpoints.Count, 1, 4);
    }

    // Files of programs.
    [Theory]
    [InlineData("app.log.1")]
    [InlineData("app.log-20261124")]
    [InlineData("app.log.2026-11-24_12")]
    [InlineData("app-2026-11-24.log")]
    public void Raw_RenamedWhileTheAgentWasDown_IsReadToItsEnd(string rotated)
    {
        _agent.AddRaw("app.log");
        Append("app.log", "12:00:01 one\n");
        Deliver("12:00:01 one");
        Append("app.log", "12:00:02 two\n");
        Move("app.log", rotated);
        Append("app.log", "12:00:03 three\n");

        _agent.Crash();
        _agent.AddRaw("app.log");

        Deliver("12:00:02 two", "12:00:03 three");
    }

    [Fact]
    public void Raw_RotatedAndCompressedSeveralTimesWhileTheAgentWasDown_IsReadOldestFirst()
    {
        Append("app.log.9", "12:00:00 long before\n");
        File.SetLastWriteTimeUtc(Path(Logs + "app.log.9"), _agent.Time.GetUtcNow().UtcDateTime.AddDays(-1));
        _agent.AddRaw("app.log");
        Append("app.log", "12:00:01 one\n");
        Deliver("12:00:01 one");
        Append("app.log", "12:00:02 two\n");
        Move("app.log", "app.log.3");
        Compress(Logs + "app.log.3");
        Append("app.log.2", "12:00:03 three\n");
        Compress(Logs + "app.log.2");
        Append("app.log.1", "12:00:04 four\n");
        Append("app.log", "12:00:05 five\n");

        _agent.Crash();
        _agent.AddRaw("app.log");

        Deliver("12:00:02 two", "12:00:03 three", "12:00:04 four", "12:00:05 five");
        _agent.Time.Advance(PastAnyGrace);
        Deliver();
        _agent.Crash();
        _agent.AddRaw("app.log");
        Deliver();
    }

    [Theory]
    [InlineData("app.log")]
    [InlineData("app.log*")]
    public void Raw_CopiedAndCut_ReadsTheRestFromTheCopy(string pattern)
    {
        _agent.AddRaw(pattern);
        Append("app.log", "12:00:01 one\n");
        Deliver("12:00:01 one");
        Append("app.log", "12:00:02 two\n");
        CopyTruncate("app.log", "app.log.1", "12:00:03 three\n");

        Deliver("12:00:02 two", "12:00:03 three");
        Assert.Equal(0, _agent.Totals.LostBytes);
        _agent.Time.Advance(PastAnyGrace);
        Deliver();
    }

    [Theory]
    [InlineData("app.log")]
    [InlineData("app.log*")]
    public void Raw_CopiedAndCutWhileTheAgentWasDown_ReadsTheRestFromTheCopy(string pattern)
    {
        _agent.AddRaw(pattern);
        Append("app.log", "12:00:01 one\n");
        Deliver("12:00:01 one");
        Append("app.log", "12:00:02 two\n");
        CopyTruncate("app.log", "app.log.1", "12:00:03 three, which is longer than what was there before\n");

        _agent.Crash();
        _agent.AddRaw(pattern);

        Deliver("12:00:02 two", "12:00:03 three, which is longer than what was there before");
    }

    [Fact]
    public void Raw_CopyBesideItsOriginal_IsNotReadBeforeTheCut()
    {
        _agent.AddRaw("app.log*");
        Append("app.log", "12:00:01 one\n12:00:02 two\n");
        Deliver("12:00:01 one", "12:00:02 two");
        File.Copy(Path(Logs + "app.log"), Path(Logs + "app.log.1"));
        Deliver();
        _agent.Time.Advance(PastAnyGrace);
        Deliver();

        _agent.Scratch.Truncate(Logs + "app.log", "12:00:03 three\n");

        Deliver("12:00:03 three");
    }

    [Fact]
    public void Raw_CopiedAndCutInTheMiddleOfALine_IsOneLine()
    {
        _agent.AddRaw("app.log");
        Append("app.log", "12:00:01 one\n12:00:02 tw");
        Deliver("12:00:01 one");
        CopyTruncate("app.log", "app.log.1", "o\n12:00:03 three\n");

        Deliver("12:00:02 two", "12:00:03 three");
        _agent.Crash();
        _agent.AddRaw("app.log");
        Deliver();
    }

    [Fact]
    public void Raw_CopiedWithAHalfLineThenDeletedWhileTheAgentWasDown_IsALineOfItsOwn()
    {
        _agent.AddRaw("app.log");
        Append("app.log", "12:00:01 one\n12:00:02 half");
        Deliver("12:00:01 one");
        CopyTruncate("app.log", "app.log.1", "");
        Deliver();
        _agent.Scratch.Delete(Logs + "app.log");
        Append("app.log", "12:00:03 three\n");

        _agent.Crash();
        _agent.AddRaw("app.log");

        Assert.Equal(["12:00:02 half", "12:00:03 three"], DeliverPastAnyGrace().Order());
    }

    [Fact]
    public void Raw_CopyCompressedWhenItsOriginalWasReplaced_DoesNotGoOnInCopiesOfTheNext()
    {
        _agent.AddRaw("app.log");
        Append("app.log", "12:00:01 one\n");
        Deliver("12:00:01 one");
        CopyTruncate("app.log", "app.log.3", "12:00:02 half");
        CopyTruncate("app.log", "app.log.2", "");
        _agent.Scratch.Delete(Logs + "app.log");
        Append("app.log", "12:00:03 thr");
        CopyTruncate("app.log", "app.log.1", "ee\n");
        Compress(Logs + "app.log.2");
        File.SetLastWriteTimeUtc(Path(Logs + "app.log.2.gz"), DateTime.UtcNow.AddMinutes(-1));

        Assert.Equal(["12:00:02 half", "12:00:03 three"], DeliverPastAnyGrace().Order());
    }

    // The scan that a copy causes runs just when its original is cut.
    [Theory]
    [InlineData("*.log*", "")]
    [InlineData("*.log*", "12:00:03 three\n")]
    [InlineData("app.log", "")]
    [InlineData("app.log", "12:00:03 three\n")]
    public void Raw_CutWhileItsCopyIsHeldAgainstIt_HasTheIdsOfItsOriginal(string pattern, string next)
    {
        _agent.AddRaw(pattern);
        Append("app.log", "12:00:01 one\n12:00:02 two\n");
        _agent.Turn();
        var sent = SentDocument.Of(_agent.InFlight[0]);
        File.Copy(Path(Logs + "app.log"), Path(Logs + "app.log.1"));

        _agent.BeforeCompare = () => File.WriteAllText(Path(Logs + "app.log"), next);
        _agent.Turn();
        Assert.Null(_agent.BeforeCompare);
        _agent.Crash();
        _agent.AddRaw(pattern);

        Assert.Equal(sent, _agent.DeliverAll().Where(one => one.Message != "12:00:03 three"));
    }

    // A program that does not append leaves a hole where its log was cut, and its copy begins with that.
    [Fact]
    public void Raw_CopyOfAHoleSeenHalfWay_IsNotReadBeforeTheCut()
    {
        _agent.AddRaw("app.log*");
        Append("app.log", new string('\0', 600) + "12:00:01 one\n");
        Deliver("12:00:01 one");
        Append("app.log.1", new string('\0', 300));
        Deliver();
        Append("app.log.1", new string('\0', 300) + "12:00:01 one\n");
        Deliver();

        _agent.Scratch.Truncate(Logs + "app.log", "12:00:02 two\n");

        Deliver("12:00:02 two");
    }

    [Fact]
    public void Raw_CopiedAndCutTwiceBetweenTwoLooks_GoesOnInTheCopyBetween()
    {
        _agent.AddRaw("app.log");
        Append("app.log", "12:00:01 one\n12:00:02 tw");
        Deliver("12:00:01 one");
        CopyTruncate("app.log", "app.log.2", "");
        Deliver();

        Append("app.log", "o\n");
        CopyTruncate("app.log", "app.log.1", "12:00:03 three\n");

        Deliver("12:00:02 two", "12:00:03 three");
    }

    [Fact]
    public void Raw_CutWithoutACopyWhileItsFirstLineIsOnItsWay_TheHalfInTheCopyGoesOnInNothingElse()
    {
        ReadALineThatBeganInACopyThenCut("12:00:03 three\n");

        Assert.Equal(["12:00:02 two", "12:00:03 three"], DeliverPastAnyGrace());
        _agent.Crash();
        _agent.AddRaw("app.log");
        Deliver();
    }

    [Fact]
    public void Raw_CutWithoutACopyThenItsFirstLineIsHeld_TheHalfInTheCopyIsALine()
    {
        ReadALineThatBeganInACopyThenCut("12:00:03 three\n");

        Assert.Empty(_agent.Answer(0, RangeOutcome.Held));

        Assert.Equal(["12:00:02 tw", "12:00:03 three"], DeliverPastAnyGrace().Order());
        Assert.Equal(2, _agent.Totals.LostBytes);
    }

    [Fact]
    public void Raw_CopiedAndCutWhileItRests_IsReadFromTheCopyThoughItsSourceIsRemoved()
    {
        var source = _agent.AddRaw("app.log");
        Append("app.log", "12:00:01 one\n");
        _agent.Turn();
        _agent.Answer(0, RangeOutcome.Held);
        File.Copy(Path(Logs + "app.log"), Path(Logs + "app.log.1"));
        _agent.Turn();
        _agent.Scratch.Truncate(Logs + "app.log", "12:00:02 two\n");

        _agent.Tailer.Remove(source);
        _agent.Time.Advance(PastAnyGrace);

        Deliver("12:00:01 one", "12:00:02 two");
        Assert.Equal(0, _agent.Totals.LostBytes);
    }

    [Fact]
    public void Raw_CutToLessThanItsHeadWhileItRests_IsReadAsWhatItIsNow()
    {
        _agent.AddRaw("app.log");
        Append("app.log", "12:00:01 one\n");
        _agent.Turn();
        _agent.Answer(0, RangeOutcome.Held);
        Append("app.log", "12:00:02 two\n");
        File.Copy(Path(Logs + "app.log"), Path(Logs + "app.log.1"));
        _agent.Turn();
        _agent.Scratch.Truncate(Logs + "app.log", "12:00:03 three\n");
        _agent.Time.Advance(TimeSpan.FromSeconds(6));

        Deliver("12:00:01 one", "12:00:02 two", "12:00:03 three");
        _agent.Crash();
        _agent.AddRaw("app.log");
        Deliver();
    }

    [Fact]
    public void Raw_CutAndFilledBeyondThePosition_IsReadAnew()
    {
        _agent.AddRaw("app.log");
        Append("app.log", "12:00:01 one\n");
        Deliver("12:00:01 one");

        _agent.Scratch.Truncate(Logs + "app.log", "12:00:02 two, which is longer\n12:00:03 three\n");

        Deliver("12:00:02 two, which is longer", "12:00:03 three");
    }

    // A program that writes at its own offset leaves a hole where its file was cut.
    [Fact]
    public void Raw_ResumedBehindAHoleThenCut_IsReadAnew()
    {
        _agent.AddRaw("app.log");
        Append("app.log", new string('\0', 600) + "12:00:01 on");
        _agent.Turn();
        _agent.Crash();
        _agent.AddRaw("app.log");

        _agent.Scratch.Truncate(Logs + "app.log", new string('\0', 611) + "12:00:02 two\n");

        Deliver("12:00:02 two");
    }

    [Fact]
    public void Raw_ResumedBehindAHoleInTheFirstLine_HasTheIdsOfTheWholeLine()
    {
        _agent.AddRaw("app.log");
        Append("app.log", new string('\0', 600) + "12:00:01 on");
        _agent.Turn();
        _agent.Crash();
        _agent.AddRaw("app.log");
        Append("app.log", "e\n");
        _agent.Turn();
        var sent = _agent.InFlight.SelectMany(SentDocument.Of).ToList();

        _agent.Crash();
        _agent.AddRaw("app.log");

        Assert.Equal(["12:00:01 one"], sent.Select(one => one.Message));
        Assert.Equal(sent, _agent.DeliverAll());
    }

    // The program has not reopened its log, and what it writes to a deleted file is in no copy of it.
    [Theory]
    [InlineData("app.log")]
    [InlineData("*.log*")]
    public void Raw_WrittenOnAfterItWasCompressedAndDeleted_IsKnownByWhatItsCopyHas(string pattern)
    {
        Append("app.log", "12:00:00 one\n");
        _agent.AddRaw(pattern);
        using (var writer = new StreamWriter(Path(Logs + "app.log"), append: true))
        {
            Move("app.log", "app.log.1");
            Compress(Logs + "app.log.1");
            File.SetLastWriteTimeUtc(Path(Logs + "app.log.1.gz"), _agent.Time.GetUtcNow().AddHours(-1).UtcDateTime);
            Append("app.log", "12:00:01 three\n");
            writer.Write("12:00:02 two\n");
            writer.Flush();
            _agent.Turn();
        }

        _agent.Crash();
        _agent.AddRaw(pattern);

        Deliver("12:00:00 one", "12:00:01 three");
    }

    [Fact]
    public void Raw_CompressedBeforeAnyOfItWasDelivered_IsReadThoughItHasNoTimeOfDay()
    {
        Append("app.log", "one\n");
        _agent.AddRaw("*.log*");
        Move("app.log", "app.log.1");
        Compress(Logs + "app.log.1");
        File.SetLastWriteTimeUtc(Path(Logs + "app.log.1.gz"), _agent.Time.GetUtcNow().AddHours(-1).UtcDateTime);
        Append("app.log", "two\n");

        _agent.Crash();
        _agent.AddRaw("*.log*");

        Deliver("one", "two");
    }

    [Fact]
    public void Raw_EqualLinesRenamed_AreEachStored()
    {
        _agent.AddRaw("app.log");
        var ids = new HashSet<string>();
        for (var rotation = 0; rotation < 3; rotation++)
        {
            Append("app.log", string.Concat(Enumerable.Repeat("ok\n", 300)));
            ids.UnionWith(_agent.DeliverAll().Select(one => one.Id));
            Append("app.log", "ok\n");
            Move("app.log.2", "app.log.3");
            Move("app.log.1", "app.log.2");
            Move("app.log", "app.log.1");
        }

        Append("app.log", "ok\n");
        ids.UnionWith(_agent.DeliverAll().Select(one => one.Id));

        Assert.Equal((3 * 301) + 1, ids.Count);
    }

    [Fact]
    public void Raw_MoreDeletedDataThanMayBeHeld_GivesUpTheOldestAndCountsIt()
    {
        _agent.HeldBytesMax = 40_000;
        _agent.AddRaw("*.log");
        for (var file = 0; file < 3; file++)
        {
            Append($"{file}.log", new string((char)('a' + file), 500) + "\n" + string.Concat(Enumerable.Repeat("x\n", 10_000)));
            _agent.Turn();
            _agent.Time.Advance(TimeSpan.FromSeconds(1));
        }

        foreach (var file in (string[])["0.log", "1.log", "2.log"])
        {
            Delete(file);
        }

        AnswerAll(RangeOutcome.Held);
        Assert.Equal(2 * 20_501, _agent.Totals.Losses.Sum(loss => loss.Value));
        Assert.All(_agent.Totals.Losses.Keys, loss => Assert.Equal(LossReason.HeldBytes, loss.Reason));
        Assert.Single(_agent.Tailer.Files);
    }

    [Fact]
    public void Raw_GivenUpWhileLinesAreInBatches_CountsOnlyWhatIsNotStored()
    {
        _agent.HeldBytesMax = 40_000;
        _agent.AddRaw("*.log");
        Append("0.log", string.Concat(Enumerable.Repeat("12:00:00 x\n", 10_000)));
        _agent.Turn();

        Delete("0.log");
        var stored = AnswerAll(RangeOutcome.Delivered).Sum(one => one.Message.Length + 1);

        Assert.InRange(stored, 1, 109_999);
        Assert.Equal(110_000 - stored, _agent.Totals.LostBytes);
        Assert.Empty(_agent.Tailer.Files);
    }

    [Fact]
    public void Stdout_GivenUpWhileNothingIsTaken_TheOldestGoFirst()
    {
        _agent.HeldBytesMax = 40_000;
        _agent.AddStdout();
        for (var file = 0; file < 4; file++)
        {
            FillStdout(file);
            RotateStdout();
            _agent.Turn();
            Delete("c1-json.log.1");
        }

        AnswerAll(RangeOutcome.Delivered);

        Assert.Equal(["2", "3"], _agent.DeliverAll().Select(one => one.Message).Distinct());
    }

    [Fact]
    public void Stdout_GivenUpAfterItGrewUnread_CountsAllOfIt()
    {
        _agent.HeldBytesMax = 10_000;
        _agent.AddStdout();
        var bytes = 0L;
        for (var file = 0; file < 3; file++)
        {
            FillStdout(file);
            bytes += new FileInfo(_agent.Scratch.PathOf(Stdout)).Length;
            RotateStdout();
            _agent.Turn();
            Delete("c1-json.log.1");
        }

        var stored = AnswerAll(RangeOutcome.Delivered);

        Assert.All(stored, one => Assert.Equal("0", one.Message));
        Assert.Equal(bytes - stored.Max(one => one.Offset), _agent.Totals.LostBytes);
    }

    [Fact]
    public void Raw_GrewWhileNothingIsTaken_ItsSizeIsShown()
    {
        _agent.AddRaw("*.log");
        Append("0.log", string.Concat(Enumerable.Repeat("12:00:00 x\n", 10_000)));
        Append("1.log", "12:00:00 y\n");
        _agent.Turn();
        Append("0.log", "12:00:00 x\n");
        Append("1.log", "12:00:00 y\n");
        _agent.Turn();

        Assert.Equal([22, 110_011], _agent.SizesShown.Order());
    }

    private void Deliver(params string[] expected) => Assert.Equal(expected, _agent.DeliverAll().Select(one => one.Message));

    private List<string> DeliverPastAnyGrace()
    {
        var stored = _agent.DeliverAll();
        _agent.Time.Advance(PastAnyGrace);
        stored.AddRange(_agent.DeliverAll());
        return [.. stored.Select(one => one.Message)];
    }

    /// <summary>The line waits for its answer; a half of it stands in a copy, the other one nowhere any more.</summary>
    private void ReadALineThatBeganInACopyThenCut(string next)
    {
        _agent.AddRaw("app.log");
        Append("app.log", "12:00:01 one\n12:00:02 tw");
        Deliver("12:00:01 one");
        CopyTruncate("app.log", "app.log.1", "");
        Deliver();
        Append("app.log", "o\n");
        _agent.Turn();
        Assert.Equal("12:00:02 two", SentDocument.Of(Assert.Single(_agent.InFlight)).Single().Message);
        _agent.Scratch.Truncate(Logs + "app.log", "");
        _agent.Turn();
        Append("app.log", next);
        _agent.Turn();
    }

    private void RotateStdout() => _agent.Scratch.Move(Stdout, Stdout + ".1");

    private void Append(string name, string text) => _agent.Scratch.Append(Logs + name, text);

    private void Move(string from, string to)
    {
        if (File.Exists(Path(Logs + from)))
        {
            _agent.Scratch.Move(Logs + from, Logs + to);
        }
    }

    private void CopyTruncate(string name, string copy, string next)
    {
        File.Copy(Path(Logs + name), Path(Logs + copy));
        _agent.Scratch.Truncate(Logs + name, next);
    }

    private void Compress(string name)
    {
        using (var source = File.OpenRead(Path(name)))
        using (var target = new GZipStream(File.Create(Path(name + ".gz")), CompressionLevel.Fastest))
        {
            source.CopyTo(target);
        }

        File.Delete(Path(name));
    }

    private string Path(string name) => _agent.Scratch.PathOf(name);

    /// <summary>Writes some 15,000 bytes, most of them when the file is open already.</summary>
    private void FillStdout(int file)
    {
        for (var line = 0; line < 200; line++)
        {
            _agent.AppendEntry($"{file}\\n");
            if (line == 0)
            {
                _agent.Turn();
            }
        }

        _agent.Turn();
    }

    /// <summary>Deletes a file, and goes on until the agent has noticed what that means.</summary>
    private void Delete(string name)
    {
        _agent.Scratch.Delete(Logs + name);
        _agent.Turn();
        _agent.Time.Advance(TimeSpan.FromSeconds(2));
        _agent.Turn();
    }

    /// <summary>Answers what is in flight and reads no more; what was stored.</summary>
    private List<SentDocument> AnswerAll(RangeOutcome outcome)
    {
        var documents = new List<SentDocument>();
        while (_agent.InFlight.Count > 0)
        {
            documents.AddRange(_agent.Answer(0, outcome));
        }

        return documents;
    }
}
