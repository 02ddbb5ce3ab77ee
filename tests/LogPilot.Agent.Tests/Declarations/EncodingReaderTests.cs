using System.Text;
using LogPilot.Agent.Declarations;

namespace LogPilot.Agent.Tests.Declarations;

public sealed class EncodingReaderTests
{
    [Theory]
    [InlineData("plain", null)]
    [InlineData("UTF-8", null)]
    [InlineData("", null)]
    [InlineData("latin1", "iso-8859-1")]
    [InlineData("gbk", "gbk")]
    [InlineData("gb18030", "gb18030")]
    [InlineData("hz-gb-2312", "hz-gb-2312")]
    [InlineData("big5", "big5")]
    [InlineData("euc-kr", "euc-kr")]
    [InlineData("euc-jp", "euc-jp")]
    [InlineData("iso-2022-jp", "iso-2022-jp")]
    [InlineData("shift-jis", "shift_jis")]
    [InlineData("utf-16be", "utf-16BE")]
    [InlineData("utf-16le", "utf-16")]
    [InlineData("iso8859-15", "iso-8859-15")]
    [InlineData("iso-8859-6e", "iso-8859-6")]
    [InlineData("windows-1252", "windows-1252")]
    [InlineData("windows1251", "windows-1251")]
    [InlineData("koi8r", "koi8-r")]
    public void Read_NameOfFilebeat_IsThatOfDotNet(string declared, string? expected)
    {
        var set = File(declared).Read();

        Assert.Equal(expected, Assert.Single(set.Logs).Encoding);
        Assert.Empty(set.Notices);
    }

    [Fact]
    public void DotNetNames_All_AreKnownAndEndLinesWithTheCharacterOfANewline()
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

        foreach (var name in EncodingReader.DotNetNames)
        {
            var encoding = Encoding.GetEncoding(name);

            Assert.Equal("\n", encoding.GetString(encoding.GetBytes("\n")));
            Assert.Equal(name.StartsWith("utf-16", StringComparison.Ordinal) ? 2 : 1, encoding.GetByteCount("\n"));
        }
    }

    [Theory]
    [InlineData("klingon")]
    [InlineData("iso8859-10")]
    [InlineData("ebcdic-037")]
    public void Read_UnknownName_IsError(string declared)
    {
        Assert.Equal($"in log a: encoding error: unsupported encoding: {declared}", File(declared).ReadError());
    }

    [Fact]
    public void Read_OfStandardOutput_IsIgnoredWithNotice()
    {
        var set = DeclaringContainer.OfLogA("stdout", ("encoding", "gbk")).Read();

        Assert.Null(Assert.Single(set.Logs).Encoding);
        Assert.Contains("encoding is ignored", Assert.Single(set.Notices), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_Utf16WithAnyByteOrderMark_SaysWhichIsRead()
    {
        var set = File("utf-16-bom").Read();

        Assert.Equal("utf-16", Assert.Single(set.Logs).Encoding);
        Assert.Contains("is read as utf-16le", Assert.Single(set.Notices), StringComparison.Ordinal);
    }

    private static DeclaringContainer File(string encoding)
        => DeclaringContainer.OfLogA("/l/a.log").Mount("/s", "/l").Env("aliyun_logs_a_encoding=" + encoding);
}
