namespace LogPilot.Agent.Tests.Declarations;

public sealed class LimitReaderTests
{
    [Theory]
    [InlineData("10485760", 10485760)]
    [InlineData("10MB", 10_000_000)]
    [InlineData("10 MiB", 10485760)]
    [InlineData("1.5kb", 1500)]
    [InlineData("64KiB", 65536)]
    [InlineData("1", 1)]
    [InlineData("100GiB", int.MaxValue)]
    public void Read_MaxBytes_IsTheLimit(string declared, int expected)
    {
        var log = new DeclaringContainer().Env("aliyun_logs_a=stdout", "aliyun_logs_a_max_bytes=" + declared).ReadLog();

        Assert.Equal(expected, log.LineBytesMax);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("10XB")]
    [InlineData("1.2.3")]
    [InlineData("MB")]
    [InlineData("99999999999999999999GB")]
    [InlineData("1e3")]
    public void Read_NoSize_IsError(string declared)
    {
        Assert.Equal(
            $"in log a: max_bytes error: {declared} is not a valid size",
            DeclaringContainer.OfLogA("stdout", ("max_bytes", declared)).ReadError());
    }

    [Fact]
    public void Read_None_IsNull() => Assert.Null(DeclaringContainer.OfLogA("stdout").ReadLog().LineBytesMax);
}
