using System.Text;
using LogPilot.Agent.Declarations;

namespace LogPilot.Agent.Tests.Declarations;

public sealed class IndexNameTests
{
    [Theory]
    [InlineData("access", "access")]
    [InlineData("my_app-1.x", "my_app-1.x")]
    [InlineData("MyApp", "myapp")]
    [InlineData("a\\b/c*d?e\"f<g>h|i j,k#l:m", "a-b-c-d-e-f-g-h-i-j-k-l-m")]
    [InlineData("-_+a-_+", "a-_+")]
    [InlineData("/a", "a")]
    [InlineData("a\nb\u0000c", "a-b-c")]
    [InlineData("日志", "日志")]
    [InlineData("ÄÖ", "äö")]
    [InlineData("\u0130x", "ix")]
    [InlineData(".kibana", "kibana")]
    [InlineData(".", "log")]
    [InlineData("..", "log")]
    [InlineData("---", "log")]
    [InlineData("", "log")]
    public void MakeValid_Name_IsAcceptedByElasticsearch(string name, string expected)
    {
        Assert.Equal(expected, IndexName.MakeValid(name));
    }

    // No attribute can hold half a surrogate pair.
    [Fact]
    public void MakeValid_HalfASurrogatePair_IsReplaced()
    {
        Assert.Equal("a-b", IndexName.MakeValid("a\ud800b"));
    }

    [Theory]
    [InlineData("x", 225)]
    [InlineData("日", 225)]
    [InlineData("é", 224)]
    [InlineData("😀", 224)]
    public void MakeValid_LongName_LeavesRoomForDate(string character, int bytes)
    {
        var valid = IndexName.MakeValid(string.Concat(Enumerable.Repeat(character, 300)));

        Assert.Equal(bytes, Encoding.UTF8.GetByteCount(valid));
        Assert.DoesNotContain('\ufffd', valid);
    }

    [Fact]
    public void Read_IndexThatIsRefused_IsChangedWithOneNoticeAndTopicIsNot()
    {
        var set = DeclaringContainer.OfLogA("stdout", ("target", "My App")).Read();

        var log = Assert.Single(set.Logs);
        Assert.Equal(("my-app", "My App"), (log.Index, log.Topic));
        Assert.Equal(
            "in log a: Elasticsearch refuses the index name My App, my-app is used",
            Assert.Single(set.Notices));
    }
}
