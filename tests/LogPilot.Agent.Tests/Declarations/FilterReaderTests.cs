namespace LogPilot.Agent.Tests.Declarations;

public sealed class FilterReaderTests
{
    [Fact]
    public void Read_NoFilters_AreEmpty()
    {
        var log = DeclaringContainer.OfLogA("stdout").ReadLog();

        Assert.Empty(log.Include);
        Assert.Empty(log.Exclude);
    }

    [Fact]
    public void Read_ByLabelAndEnv_AreTranslated()
    {
        var log = DeclaringContainer.OfLogA("stdout", ("include", "^[[:digit:]]"))
            .Env("aliyun_logs_a_exclude=(?P<level>DEBUG)")
            .ReadLog();

        Assert.Equal(["^[0-9]"], log.Include);
        Assert.Equal(["(?<level>DEBUG)"], log.Exclude);
    }

    [Theory]
    [InlineData("include", "(", "in log a: include error: pattern is not valid: InsufficientClosingParentheses at character 1")]
    [InlineData("exclude", "a**", "in log a: exclude error: pattern is not valid: NestedQuantifiersNotParenthesized at character 3")]
    [InlineData("exclude", " ", "in log a: exclude error: pattern can not be empty")]
    public void Read_BadPattern_IsError(string property, string pattern, string error)
    {
        Assert.Equal(error, DeclaringContainer.OfLogA("stdout", (property, pattern)).ReadError());
    }

    // A list is for custom_config only.
    [Fact]
    public void Read_BracketsInAProperty_AreASet()
    {
        Assert.Equal(["[EF]"], DeclaringContainer.OfLogA("stdout", ("include", "[EF]")).ReadLog().Include);
    }
}
