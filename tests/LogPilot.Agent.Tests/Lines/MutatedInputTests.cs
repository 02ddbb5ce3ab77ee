using System.Text;
using LogPilot.Agent.Files;
using LogPilot.Agent.Lines;

namespace LogPilot.Agent.Tests.Lines;

/// <summary>Whatever stands in a file, a reader neither throws nor goes back nor reads past the end, and it comes to the end.</summary>
public sealed class MutatedInputTests
{
    private const int Rounds = 4000;
    private const int LineBytesMax = 40;

    private static readonly byte[] JsonFile = Encoding.UTF8.GetBytes("""
        {"log":"one \u003c\ud83d\ude42 ü\r\n","stream":"stdout","time":"2024-02-29T12:00:00.123456789Z"}
        {"log":"part","stream":"stderr","time":"2024-02-29T12:00:00Z"}
        {"stream":"stderr","attrs":{"a":"b"},"log":"a part that is too long for the limit\n","time":"2024-02-29T12:00:00+01:00"}
        {"log":"open","stream":"stdout","time":"2024-02-29T12:00:00Z"}

        """);

    private static readonly byte[] RawFile = [.. "\uFEFFone\r\n\n"u8, .. new byte[600], .. "a line of more bytes than the limit allows ü🙂🙂\nhalf"u8];

    [Theory]
    [InlineData(1)]
    [InlineData(20240229)]
    public void JsonFileReader_MutatedFile_ComesToItsEnd(int seed) => ReadMutated(seed, JsonFile, new RuntimeFileReader<JsonFileFormat>(Options));

    [Theory]
    [InlineData(2)]
    [InlineData(20240301)]
    public void RawReader_MutatedFile_ComesToItsEnd(int seed) => ReadMutated(seed, RawFile, new RawReader(Options));

    private static LineOptions Options => new() { LineBytesMax = LineBytesMax };

    private static void ReadMutated(int seed, byte[] original, ILineReader reader)
    {
        var random = new Random(seed);
        for (var round = 0; round < Rounds; round++)
        {
            var file = Mutate(random, original);
            try
            {
                reader.Seek(0);
                for (var size = 0; size < file.Length; size += random.Next(1, file.Length))
                {
                    SeenLine.Read(reader, file.AsSpan(0, size), random.Next(4) == 0 ? ChunkEnd.Full : ChunkEnd.Open);
                }

                foreach (var line in SeenLine.Read(reader, file, ChunkEnd.Final))
                {
                    Assert.True(line.End > line.Start && line.End <= file.Length, $"{line}");
                }

                Assert.Equal((file.Length, file.Length), (reader.Position, reader.ResumeFrom));
            }
            catch (Exception failure)
            {
                Assert.Fail($"Seed {seed}, round {round}, file {Convert.ToHexString(file)}: {failure}");
            }
        }
    }

    private static byte[] Mutate(Random random, byte[] original)
    {
        var bytes = original.ToList();
        for (var changes = random.Next(1, 6); changes > 0; changes--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 30), bytes.Count - at - 1));
                    break;
                case 2:
                    bytes.Insert(at, "\\\"\n\r{}\0u"u8[random.Next(8)]);
                    break;
                case 3:
                    bytes.InsertRange(at, bytes.GetRange(0, random.Next(1, bytes.Count)));
                    break;
                default:
                    bytes.InsertRange(at, new byte[random.Next(1, 1200)]);
                    break;
            }
        }

        return [.. bytes];
    }
}
