using LogPilot.Agent.Declarations;

namespace LogPilot.Agent.Tests.Declarations;

public sealed class YamlTextTests
{
    [Theory]
    [InlineData("plain text", "plain text")]
    [InlineData("", "")]
    [InlineData(@"'^\[it''s'", @"^\[it's")]
    [InlineData("''", "")]
    [InlineData(@"""^\\[ \""a\"" \t\x41\u00e9""", "^\\[ \"a\" \tAé")]
    [InlineData(@"""\d\x4""", @"\d\x4")]
    [InlineData("'open", "'open")]
    [InlineData("\"open\\", "\"open\\")]
    [InlineData("'a' b", "'a' b")]
    [InlineData("'", "'")]
    public void ReadScalar_AnyStyle_GivesItsText(string text, string expected)
    {
        Assert.Equal(expected, YamlText.ReadScalar(text));
    }

    [Theory]
    [InlineData("['^DBG', \"^x\"]", "^DBG|^x")]
    [InlineData("[^DBG,^x ]", "^DBG|^x")]
    [InlineData("[ ', ]' , b, ]", ", ]|b")]
    [InlineData("[]", "")]
    [InlineData("", "")]
    [InlineData("^DBG", "^DBG")]
    [InlineData("'^DBG'", "^DBG")]
    [InlineData("[[:space:]]x", "[[:space:]]x")]
    [InlineData("[a", "[a")]
    [InlineData("['a' b]", "['a' b]")]
    [InlineData("[", "[")]
    public void ReadList_ListOrOneValue_GivesItsItems(string text, string expected)
    {
        Assert.Equal(expected, string.Join('|', YamlText.ReadList(text)));
    }
}
