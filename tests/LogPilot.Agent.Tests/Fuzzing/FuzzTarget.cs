using System.Globalization;
using System.IO.Hashing;
using LogPilot.Agent.Tests.Support;

namespace LogPilot.Agent.Tests.Fuzzing;

/// <summary>A parser of bytes that others have written, what has to hold for any of them, and inputs to begin with.</summary>
internal abstract class FuzzTarget(string name)
{
    /// <summary>Its folder in the corpus.</summary>
    public string Name => name;

    /// <summary>Words of the format, in Latin-1.</summary>
    public abstract IReadOnlyList<string> Tokens { get; }

    /// <summary>
    /// The inputs of <c>corpus/NAME</c>: a <c>.txt</c> file as it is, and of a <c>.hex</c> file the bytes that its words say, each
    /// <c>HEX</c> or <c>HEX*COUNT</c>.
    /// </summary>
    public IReadOnlyList<(string File, byte[] Input)> Corpus()
    {
        var folder = Path.Combine(RepositoryRoot.Path, "tests", "LogPilot.Agent.Tests", "Fuzzing", "corpus", name);
        return [.. Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).Select(path => (
            Path.GetFileName(path), path.EndsWith(".hex", StringComparison.Ordinal) ? ReadHex(path) : File.ReadAllBytes(path)))];
    }

    /// <summary>Throws if anything does not hold. The same input has the same result.</summary>
    public void Check(byte[] input) => Check(input, new Random((int)XxHash3.HashToUInt64(input)));

    /// <param name="random">For what the input does not say, such as where it is cut into pieces.</param>
    protected abstract void Check(byte[] input, Random random);

    protected static void Expect(bool holds, string what)
    {
        if (!holds)
        {
            throw new InvalidOperationException($"It does not hold that {what}.");
        }
    }

    private static byte[] ReadHex(string path)
    {
        var bytes = new List<byte>();
        foreach (var word in File.ReadAllText(path).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            var star = word.IndexOf('*', StringComparison.Ordinal);
            var count = star < 0 ? 1 : int.Parse(word.AsSpan(star + 1), CultureInfo.InvariantCulture);
            var piece = Convert.FromHexString(star < 0 ? word : word[..star]);
            for (; count > 0; count--)
            {
                bytes.AddRange(piece);
            }
        }

        return [.. bytes];
    }
}
