using System.Text;
using LogPilot.Agent.Declarations;
using LogPilot.Agent.Files;
using LogPilot.Agent.Lines;

namespace LogPilot.Agent.Tests.Lines;

/// <summary>A line that outlives its chunk.</summary>
internal sealed record SeenLine(string Text, long Start, long End)
{
    public StandardStreams Stream { get; init; }

    public string Time { get; init; } = "";

    public bool IsEscaped { get; init; }

    public bool IsTruncated { get; init; }

    public bool IsUndecodable { get; init; }

    public static SeenLine Of(in Line line) => new(Encoding.UTF8.GetString(line.Text), line.Start, line.End)
    {
        Stream = line.Stream,
        Time = Encoding.UTF8.GetString(line.Time),
        IsEscaped = line.IsEscaped,
        IsTruncated = line.IsTruncated,
        IsUndecodable = line.IsUndecodable,
    };

    /// <summary>Gives a reader what a file of which so many bytes are written holds behind its position, and takes every line.</summary>
    public static List<SeenLine> Read(ILineReader reader, ReadOnlySpan<byte> file, ChunkEnd end = ChunkEnd.Open)
    {
        var lines = new List<SeenLine>();
        var before = reader.Position;
        while (reader.TryFind(file[(int)reader.Position..], end, out var line))
        {
            CheckPosition(reader, before, file.Length);
            before = reader.Position;
            lines.Add(Of(line));
            reader.Take();
        }

        CheckPosition(reader, before, file.Length);
        return lines;
    }

    private static void CheckPosition(ILineReader reader, long before, int size)
    {
        if (reader.Position < before || reader.Position > size || reader.ResumeFrom > reader.Position)
        {
            Assert.Fail($"The position went from {before} to {reader.Position} of {size}, to resume from {reader.ResumeFrom}.");
        }
    }
}
