using LogPilot.Agent.Declarations;

namespace LogPilot.Agent.Lines;

/// <summary>The log files of runtimes that kubelet drives by the CRI, such as containerd and CRI-O.</summary>
/// <remarks>
/// <code>TIME " " ("stdout" | "stderr") " " ("P" | "F") {":" TAG} " " TEXT</code>
/// TIME is RFC 3339 with nanoseconds, in the node's own zone. TEXT is what the program wrote: P is a part of a line, F a whole one or the
/// last part; further tags mean nothing yet. The runtime splits lines at 16 KiB.
/// https://github.com/kubernetes/design-proposals-archive/blob/main/node/kubelet-cri-logging.md
/// </remarks>
internal readonly struct CriFormat : IRuntimeFormat
{
    private static ReadOnlySpan<byte> Stdout => "stdout"u8;
    private static ReadOnlySpan<byte> Stderr => "stderr"u8;

    public static bool TryParse(ReadOnlySpan<byte> line, out RuntimeLine result)
    {
        result = default;
        if (!TrySplit(line, out var time, out var rest) || !TrySplit(rest, out var stream, out rest) || !TrySplit(rest, out var tags, out rest))
        {
            return false;
        }

        var written = stream.SequenceEqual(Stdout) ? StandardStreams.Stdout
            : stream.SequenceEqual(Stderr) ? StandardStreams.Stderr
            : StandardStreams.None;
        var isComplete = tags is [(byte)'F', ..];
        if (written == StandardStreams.None || !(isComplete || tags is [(byte)'P', ..]) || tags is [_, not (byte)':', ..]
            || !RuntimeTime.TryMakeUtc(time, out var utc))
        {
            return false;
        }

        result = new RuntimeLine
        {
            Text = isComplete && rest is [.., (byte)'\r'] ? rest[..^1] : rest,
            Stream = written,
            Time = utc,
            IsComplete = isComplete,
        };
        return true;
    }

    private static bool TrySplit(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> word, out ReadOnlySpan<byte> rest)
    {
        var length = text.IndexOf((byte)' ');
        word = length > 0 ? text[..length] : default;
        rest = text[(length + 1)..];
        return length > 0;
    }
}
