using LogPilot.Agent.Files;
using LogPilot.Agent.Tracking;

namespace LogPilot.Agent.Tests.Tracking;

public sealed class AgentStatusTests
{
    private static readonly DateTimeOffset Now = new(2024, 2, 29, 12, 0, 0, TimeSpan.Zero);

    private static readonly AgentStatus Healthy = new()
    {
        ProcessId = 4711,
        BeatAt = 1_000_000,
        StartedAt = 12,
        LagMax = TimeSpan.FromMinutes(5),
    };

    [Fact]
    public void Read_Written_IsWhatWasWritten()
    {
        var status = Healthy with
        {
            OldestUndeliveredAt = 999_000,
            OldestUnreadAt = 998_000,
            Counts = new AgentCounts
            {
                LinesRead = 1,
                LinesFiltered = 12,
                LinesUnparsed = 13,
                BytesRead = 2,
                CutBytes = 3,
                LostBytes = 4,
                Stored = 5,
                Duplicates = 6,
                Retried = 7,
                Plain = 8,
                DeadLetters = 9,
                Requests = 10,
                RequestBytes = long.MaxValue,
            },
            Sink = new StatusProblem("the sink does not answer", 77),
            Runtime = new StatusProblem("no such socket", 78),
            Losses = [new StatusLoss("web-1", LossReason.HeldBytes, 79), new StatusLoss("host", LossReason.Cut, 80)],
        };
        var block = new byte[CheckpointFile.HeaderBytes - 16];

        status.Write(block);

        var read = AgentStatus.Read(block);
        Assert.Equal(status.Losses, read.Losses);
        Assert.Equal(status, read with { Losses = status.Losses });
        Assert.Equal(0u, AgentStatus.SequenceOf(block) % 2);
    }

    [Fact]
    public void Read_ProblemIsOver_HasNone()
    {
        var block = new byte[CheckpointFile.HeaderBytes - 16];
        (Healthy with { Sink = new StatusProblem("broken", 77) }).Write(block);

        Healthy.Write(block);

        Assert.Null(AgentStatus.Read(block).Sink);
    }

    [Fact]
    public void Read_LongProblem_IsCutBesideNothingElse()
    {
        var block = new byte[CheckpointFile.HeaderBytes - 16];

        (Healthy with
        {
            Sink = new StatusProblem(new string('s', 2000), 77),
            Runtime = new StatusProblem(new string('r', 2000), 78),
        }).Write(block);

        var read = AgentStatus.Read(block);
        Assert.Equal(new string('s', 510), read.Sink!.Text);
        Assert.Equal(new string('r', 510), read.Runtime!.Text);
    }

    [Fact]
    public void IsTorn_WriterDiedInTheMiddle_IsMendedByTheNext()
    {
        var block = new byte[CheckpointFile.HeaderBytes - 16];
        block[0] = 7;
        Assert.Equal(1u, AgentStatus.SequenceOf(block) % 2);

        Healthy.Write(block);

        Assert.Equal(0u, AgentStatus.SequenceOf(block) % 2);
    }

    [Theory]
    [InlineData(0x00)]
    [InlineData(0x7f)]
    [InlineData(0x80)]
    [InlineData(0xff)]
    public void Read_WhateverADiskHasLeft_IsReadAndJudged(byte left)
    {
        var block = Enumerable.Repeat(left, CheckpointFile.HeaderBytes - 16).ToArray();

        var status = AgentStatus.Read(block);
        var failure = Xunit.Record.Exception(() => AgentHealth.Judge(status, isLive: true, 1_000_000, Now));

        Assert.Null(failure);
        Assert.InRange(status.LagMax, TimeSpan.Zero, TimeSpan.FromDays(4_000_000));
    }

    [Fact]
    public void Judge_BeatingAndDelivering_FindsNothing() => Assert.Empty(AgentHealth.Judge(Healthy, true, 1_030_000, Now));

    [Fact]
    public void Judge_BeatIsOld_SaysSo() =>
        Assert.Contains("has not moved", Assert.Single(AgentHealth.Judge(Healthy, true, 1_030_001, Now)));

    [Fact]
    public void Judge_ProcessIsGone_IsNotRunning() =>
        Assert.Contains("is not running", Assert.Single(AgentHealth.Judge(Healthy, false, 1_000_001, Now)));

    [Theory]
    [InlineData(700_000, 0)]
    [InlineData(699_999, 1)]
    public void Judge_UndeliveredLine_CountsFromTheLimitOn(long oldest, int problems) =>
        Assert.Equal(problems, AgentHealth.Judge(Healthy with { OldestUndeliveredAt = oldest }, true, 1_000_000, Now).Count);

    [Fact]
    public void Judge_ProblemsOfSinkAndRuntime_CountWhenTheyLast()
    {
        var status = Healthy with
        {
            Sink = new StatusProblem("sink", (Now - TimeSpan.FromMinutes(6)).ToUnixTimeMilliseconds()),
            Runtime = new StatusProblem("runtime", (Now - TimeSpan.FromMinutes(4)).ToUnixTimeMilliseconds()),
        };

        Assert.Equal(["sink"], AgentHealth.Judge(status, true, 1_000_000, Now));
        Assert.Equal(["sink", "runtime"], AgentHealth.Judge(status, true, 1_000_000, Now + TimeSpan.FromMinutes(2)));
    }
}
