using LogPilot.Agent.Declarations;

namespace LogPilot.Agent.Tests.Declarations;

public sealed class MultilineReaderTests
{
    [Fact]
    public void Read_NoMultiline_IsNull()
    {
        Assert.Null(DeclaringContainer.OfLogA("stdout").ReadLog().Multiline);
    }

    [Fact]
    public void Read_PatternOnly_HasFilebeatsDefaults()
    {
        var rule = DeclaringContainer.OfLogA("stdout", ("multiline.pattern", "^[[:space:]]")).ReadLog().Multiline;

        Assert.Equal(new MultilineRule("^[\\s]"), rule);
        Assert.Equal((false, false, 500), (rule!.Negate, rule.MatchBefore, rule.LinesMax));
    }

    [Fact]
    public void Read_AllByEnv_AreSet()
    {
        var log = new DeclaringContainer().Env(
            "aliyun_logs_a=stdout",
            "aliyun_logs_a_multiline_pattern=^\\[",
            "aliyun_logs_a_multiline_negate=True",
            "aliyun_logs_a_multiline_match=before",
            "aliyun_logs_a_multiline_max_lines=100",
            "aliyun_logs_a_multiline_timeout=500ms").ReadLog();

        var expected = new MultilineRule("^\\[")
        {
            Negate = true,
            MatchBefore = true,
            LinesMax = 100,
            Timeout = TimeSpan.FromMilliseconds(500),
        };
        Assert.Equal(expected, log.Multiline);
    }

    [Theory]
    [InlineData("negate", "yes", "yes is not a valid negate")]
    [InlineData("match", "behind", "behind is not a valid match")]
    [InlineData("max_lines", "0", "0 is not a valid max_lines")]
    [InlineData("max_lines", "-1", "-1 is not a valid max_lines")]
    [InlineData("max_lines", "99999999999", "99999999999 is not a valid max_lines")]
    [InlineData("timeout", "5 s", "5 s is not a valid timeout")]
    [InlineData("timeout", "0s", "0s is not a valid timeout")]
    [InlineData("timeout", "999999999999999999h", "999999999999999999h is not a valid timeout")]
    [InlineData("pattern", "(", "pattern is not valid: InsufficientClosingParentheses at character 1")]
    [InlineData("pattern", " ", "pattern can not be empty")]
    [InlineData("flush", "x", "flush is not a valid properties for multiline")]
    public void Read_BadProperty_IsError(string property, string value, string text)
    {
        var container = DeclaringContainer
            .OfLogA("stdout", ("multiline.pattern", "x"), ($"multiline.{property}", value));

        Assert.Equal($"in log a: multiline error: {text}", container.ReadError());
    }

    [Fact]
    public void Read_WithoutPattern_IsError()
    {
        var error = DeclaringContainer.OfLogA("stdout", ("multiline.negate", "true")).ReadError();

        Assert.Equal("in log a: multiline error: pattern can not be empty", error);
    }

    // Presets.

    [Theory]
    [InlineData("java", true)]
    [InlineData(" Python ", false)]
    public void Read_Preset_IsItsRule(string preset, bool byEnv)
    {
        var container = byEnv
            ? new DeclaringContainer().Env("aliyun_logs_a=stdout", "aliyun_logs_a_multiline=" + preset)
            : DeclaringContainer.OfLogA("stdout", ("multiline", preset));

        Assert.Equal(MultilinePreset.Find(preset.Trim()), container.ReadLog().Multiline);
    }

    [Fact]
    public void Read_PropertiesBesidePreset_Apply()
    {
        var rule = DeclaringContainer.OfLogA(
            "stdout",
            ("multiline", "go"), ("multiline.max_lines", "7"), ("multiline.timeout", "1s"), ("multiline.negate", "true"),
            ("multiline.match", "before")).ReadLog().Multiline;

        var expected = MultilinePreset.Find("go")! with
        {
            LinesMax = 7,
            Timeout = TimeSpan.FromSeconds(1),
            Negate = true,
            MatchBefore = true,
        };
        Assert.Equal(expected, rule);
    }

    [Fact]
    public void Read_PatternBesidePreset_IsError()
    {
        var error = DeclaringContainer.OfLogA("stdout", ("multiline", "Java"), ("multiline.pattern", "^x")).ReadError();

        Assert.Equal("in log a: multiline error: pattern can not be set beside the preset java", error);
    }

    [Theory]
    [InlineData("true", "name the language that writes the stack traces, one of java, python, go, dotnet, ruby, php, node, or set")]
    [InlineData("rust", "name the language that writes the stack traces, one of java, python, go, dotnet, ruby, php, node, or set")]
    [InlineData("^\\d{4}", "one of java, python, go, dotnet, ruby, php, node; a regular expression is set by multiline.pattern")]
    [InlineData("false", "remove it")]
    [InlineData("", "name the language")]
    public void Read_UnknownPreset_IsErrorThatListsThem(string declared, string fix)
    {
        var error = Assert.Single(DeclaringContainer.OfLogA("stdout", ("multiline", declared)).Read().Errors);

        Assert.Equal($"in log a: multiline error: unknown preset: {declared}", error.Text);
        Assert.Contains(fix, error.Fix, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("5s", 5000)]
    [InlineData("500ms", 500)]
    [InlineData("1m30s", 90_000)]
    [InlineData("1.5s", 1500)]
    [InlineData("2h", 7_200_000)]
    [InlineData("1000us", 1)]
    [InlineData("5", 5000)]
    public void TryParse_GoDuration_IsRead(string text, int milliseconds)
    {
        Assert.True(DurationText.TryParse(text, out var duration));

        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), duration);
    }

    [Theory]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("-5s")]
    [InlineData("5x")]
    [InlineData("1.2.3s")]
    [InlineData(".")]
    [InlineData("5s3")]
    [InlineData("1e3s")]
    [InlineData("NaN")]
    public void TryParse_NoDuration_IsFalse(string text)
    {
        Assert.False(DurationText.TryParse(text, out _));
    }
}
