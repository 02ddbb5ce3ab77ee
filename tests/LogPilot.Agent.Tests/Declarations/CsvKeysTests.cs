using LogPilot.Agent.Declarations;
using LogPilot.Agent.Records.Formats;

namespace LogPilot.Agent.Tests.Declarations;

public sealed class CsvKeysTests
{
    [Fact]
    public void TryRead_NamesWithBlanks_AreTrimmed()
    {
        Assert.True(CsvKeys.TryRead(" time , level,a.b ", out var keys, out _));

        Assert.Equal(["time", "level", "a.b"], keys);
    }

    [Theory]
    [InlineData(null, "the names of the columns are missing")]
    [InlineData(" ", "the names of the columns are missing")]
    [InlineData("a,,b", "the name of a column is empty")]
    [InlineData("a,", "the name of a column is empty")]
    [InlineData("a,b.", "b. has a part without a name")]
    [InlineData("a..b", "a..b has a part without a name")]
    [InlineData("a,b,a", "two columns are the field a")]
    [InlineData("offset_,offset", "two columns are the field offset_")]
    public void TryRead_NamesThatAreNoFields_SaysWhy(string? declared, string expected)
    {
        Assert.False(CsvKeys.TryRead(declared, out _, out var reason));

        Assert.Equal(expected, reason);
    }

    [Fact]
    public void TryRead_AsManyNamesAsARecordHasFields_IsTheLimit()
    {
        Assert.True(CsvKeys.TryRead(Names(FieldWriter.FieldsMax), out _, out _));
        Assert.False(CsvKeys.TryRead(Names(FieldWriter.FieldsMax + 1), out _, out var reason));

        Assert.Equal("there are 1001 columns, and at most 1000 are allowed", reason);

        static string Names(int count) => string.Join(',', Enumerable.Range(0, count).Select(one => $"c{one}"));
    }
}
