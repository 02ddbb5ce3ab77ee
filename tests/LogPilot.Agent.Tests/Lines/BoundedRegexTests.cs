using System.Text;
using LogPilot.Agent.Lines;
using LogPilot.Agent.Tests.Support;

namespace LogPilot.Agent.Tests.Lines;

public sealed class BoundedRegexTests
{
    // Needs 2^n steps for n letters that no b follows, and lookahead keeps it from the engine that does not.
    private const string Catastrophe = "^(?=a)(a+)+b";
    private static readonly string Letters = new('a', 40);

    [Theory]
    [InlineData("a+", false)]
    [InlineData("(?<x>[^ ]*) (?<y>.*)", false)]
    [InlineData("a(?=b)", true)]
    [InlineData("a(?!b)", true)]
    [InlineData("(?<=a)b", true)]
    [InlineData("(a)\\1", true)]
    [InlineData("(?>a+)b", true)]
    public void Constructor_Pattern_TakesTheEngineThatCan(string pattern, bool isBacktracking) =>
        Assert.Equal(isBacktracking, Make(pattern).IsBacktracking);

    [Fact]
    public void Groups_OfAPattern_AreThoseWithANameInTheirOrder() =>
        Assert.Equal(["b", "a"], Make("(.)(?<b>.)(.)(?<a>.)").Groups);

    [Theory]
    [InlineData(nameof(RegexDialect.Ruby), "^b$", true)]
    [InlineData(nameof(RegexDialect.Go), "^b$", false)]
    [InlineData(nameof(RegexDialect.Ruby), "a.b", false)]
    [InlineData(nameof(RegexDialect.Go), "a.b", false)]
    [InlineData(nameof(RegexDialect.Go), "^a", true)]
    [InlineData(nameof(RegexDialect.Go), "c$", true)]
    [InlineData(nameof(RegexDialect.Go), "(?m)^b$", true)]
    public void IsMatch_SeveralLines_AnchorsAreThoseOfTheDialect(string dialect, string pattern, bool expected) =>
        Assert.Equal(expected, new BoundedRegex(pattern, Enum.Parse<RegexDialect>(dialect), TimeProvider.System).IsMatch("a\nb\nc"));

    [Theory]
    [InlineData("grün", true)]
    [InlineData("gr", false)]
    public void IsMatch_Bytes_AreDecoded(string text, bool expected) =>
        Assert.Equal(expected, Make("^gr.n$").IsMatch(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void IsMatch_BytesOfAnyLength_AreDecoded()
    {
        var regex = Make("x$");

        Assert.True(regex.IsMatch(Encoding.UTF8.GetBytes(new string('y', 300_000) + "x")));
        Assert.True(regex.IsMatch("yx"u8));
        Assert.False(regex.IsMatch([0xff, 0x80]));
    }

    [Fact]
    public void Match_Text_HasGroups()
    {
        Assert.Equal("b", Make("a(?<x>.)").Match("ab"u8)?["x"].Value);
        Assert.Null(Make("a(?<x>.)").Match("b"u8));
    }

    [Fact]
    public void IsMatch_MatchThatWouldNotEnd_IsGivenUp()
    {
        var regex = Make(Catastrophe);

        Assert.False(regex.IsMatch(Letters));

        Assert.Equal(1, regex.Timeouts);
        Assert.Equal(1, regex.Rests);
    }

    [Fact]
    public void Match_MatchThatWouldNotEnd_IsGivenUp()
    {
        var regex = Make(Catastrophe);

        Assert.Null(regex.Match(Encoding.UTF8.GetBytes(Letters)));

        Assert.Equal(1, regex.Timeouts);
    }

    [Fact]
    public void IsMatch_SamePatternWithoutLookahead_Ends()
    {
        var regex = Make("^(a+)+b");

        Assert.False(regex.IsMatch(new string('a', 5000)));

        Assert.Equal(0, regex.Timeouts);
    }

    [Fact]
    public void IsMatch_AfterSlowMatches_RestsTwentyTimesAsLong()
    {
        var time = new SteppingTime { Step = TimeSpan.FromMilliseconds(2) };
        var regex = new BoundedRegex("a(?=b)", RegexDialect.Ruby, time, threadTime: time);

        // Both tries took 2 ms.
        Assert.True(regex.IsMatch("ab"));
        time.Step = TimeSpan.Zero;

        Assert.False(regex.IsMatch("ab"));
        time.Advance(TimeSpan.FromMilliseconds((2 + 2) * BoundedRegex.RestFactor) - TimeSpan.FromTicks(1));
        Assert.False(regex.IsMatch("ab"));
        Assert.Equal((1, 2, 0), (regex.Rests, regex.Unasked, regex.Timeouts));
        time.Advance(TimeSpan.FromTicks(1));
        Assert.True(regex.IsMatch("ab"));
        Assert.Equal((1, 2, 0), (regex.Rests, regex.Unasked, regex.Timeouts));
    }

    // On a busy machine, every match may seem to take a second.
    [Fact]
    public void IsMatch_ThreadThatDidNotHaveTheTime_DoesNotRest()
    {
        var time = new SteppingTime { Step = TimeSpan.FromSeconds(1) };
        var regex = new BoundedRegex("a(?=b)", RegexDialect.Ruby, time, threadTime: new SteppingTime());

        Assert.True(regex.IsMatch("ab"));
        Assert.True(regex.IsMatch("ab"));

        Assert.Equal((0, 0), (regex.Rests, regex.Unasked));
    }

    [Theory]
    [InlineData("b$", 0)]
    [InlineData("(?!a)b$", 1)]
    public void IsMatch_LongText_MayTakeLongerWithoutBacktracking(string pattern, int rests)
    {
        var time = new SteppingTime { Step = TimeSpan.FromMilliseconds(9) };
        var regex = new BoundedRegex(pattern, RegexDialect.Ruby, time, threadTime: time);

        Assert.True(regex.IsMatch(new string('a', 100_000) + "b"));

        Assert.Equal(rests, regex.Rests);
    }

    // The promise: whatever the lines are, slow matches take less than a twentieth of the time.
    [Fact]
    public void IsMatch_OnlySlowLines_TakeASmallPartOfTheTime()
    {
        var time = new SteppingTime { Step = TimeSpan.FromMilliseconds(5) };
        var regex = new BoundedRegex("a(?=b)", RegexDialect.Ruby, time, threadTime: time);
        var start = time.GetTimestamp();
        var matched = 0;
        for (var line = 0; line < 10_000; line++)
        {
            var unasked = regex.Unasked;
            regex.IsMatch("ab");
            matched += regex.Unasked == unasked ? 1 : 0;
        }

        var share = matched * TimeSpan.FromMilliseconds(10) / time.GetElapsedTime(start);
        Assert.InRange(share, 0, 0.05);
    }

    // What a container can write: each text makes states that no text had before.
    [Fact]
    public void IsMatch_AutomatonThatGrowsWithoutEnd_IsGivenUp()
    {
        const int Seed = 41;
        var random = new Random(Seed);
        var time = new SteppingTime();
        var regex = new BoundedRegex("(a|b)*a(a|b){14}$", RegexDialect.Ruby, time, threadTime: time);
        Assert.False(regex.IsBacktracking);

        for (var text = 0; text < 2000 && !regex.IsBacktracking; text++)
        {
            var letters = string.Create(200, random, (target, source) => source.GetItems("ab", target));
            Assert.Equal(letters[^15] == 'a', regex.IsMatch(letters));
        }

        Assert.True(regex.IsBacktracking);
        Assert.True(regex.IsMatch("a" + new string('b', 14)));
        Assert.Equal(0, regex.Rests);
    }

    // Groups by one engine, the match by the other.
    [Fact]
    public void Match_GeneratedTexts_FitsTheMatchOfOneEngine()
    {
        const int Seed = 42;
        var random = new Random(Seed);
        const string Pattern = "(?<x>a+?|ab)(?<y>b*|bc)(c|$)(?<z>a)?";
        var regex = Make(Pattern);
        for (var text = 0; text < 5000; text++)
        {
            var letters = new string(random.GetItems<char>("abc", random.Next(12)));
            var expected = System.Text.RegularExpressions.Regex.Match(letters, Pattern);

            var groups = regex.Match(Encoding.UTF8.GetBytes(letters));

            Assert.True(expected.Success == groups is not null, $"Seed {Seed}: {letters}");
            Assert.True(groups is null || groups.Values.Select(one => one.Value).SequenceEqual(expected.Groups.Values.Select(one => one.Value)), letters);
        }
    }

    [Fact]
    public void IsMatch_AnyNumberOfTexts_AllocatesNothing()
    {
        var regex = Make("^(?<x>[a-z]+) (?<y>[0-9]+)");

        Allocations.AssertNone(() => Ask(regex, 10_000));

        Assert.False(regex.IsBacktracking);

        static void Ask(BoundedRegex regex, int times)
        {
            for (var time = 0; time < times; time++)
            {
                regex.IsMatch(time % 2 == 0 ? "abc 123"u8 : "ABC 123"u8);
                regex.Match("ABC 123"u8);
            }
        }
    }

    private static BoundedRegex Make(string pattern) => new(pattern, RegexDialect.Ruby, TimeProvider.System);

    /// <summary>A clock that moves whenever it is asked.</summary>
    private sealed class SteppingTime : TimeProvider
    {
        private long _now;

        public TimeSpan Step { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp()
        {
            _now += Step.Ticks;
            return _now;
        }

        public void Advance(TimeSpan by) => _now += by.Ticks;
    }
}
