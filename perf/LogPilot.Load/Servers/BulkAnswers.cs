using System.Text;

namespace LogPilot.Load.Servers;

/// <summary>What an Elasticsearch says, as far as the agent asks for it.</summary>
internal static class BulkAnswers
{
    public static ReadOnlySpan<byte> Version =>
        """{"name":"load","cluster_name":"load","version":{"number":"9.2.0"},"tagline":"You Know, for Search"}"""u8;

    private static ReadOnlySpan<byte> Start => "{\"errors\":false,\"items\":["u8;
    private static ReadOnlySpan<byte> StartWithErrors => "{\"errors\":true,\"items\":["u8;
    private static ReadOnlySpan<byte> Created => "{\"create\":{\"status\":201}},"u8;
    private static ReadOnlySpan<byte> End => "]}"u8;

    /// <summary>Every one of so many items is stored. The agent counts the items of an answer, so each is in it.</summary>
    public static byte[] AllCreated(int items)
    {
        var answer = new byte[Start.Length + (items * Created.Length) + End.Length - 1];
        Start.CopyTo(answer);
        for (var i = 0; i < items; i++)
        {
            // The comma behind the last item gives way to the end.
            Created[..^(i == items - 1 ? 1 : 0)].CopyTo(answer.AsSpan(Start.Length + (i * Created.Length)));
        }

        End.CopyTo(answer.AsSpan(answer.Length - End.Length));
        return answer;
    }

    /// <summary>Each item has an answer of its own.</summary>
    public static byte[] PerItem(IReadOnlyList<ItemAnswer> answers)
    {
        var start = answers.Any(answer => answer.IsError) ? StartWithErrors : Start;
        return [.. start, .. Encoding.UTF8.GetBytes(string.Join(',', answers)), .. End];
    }
}
