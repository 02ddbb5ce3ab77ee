using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace LogPilot.Agent.Records;

/// <summary>Makes the <c>_id</c> of every record of one log of one file: the same record gives the same id, whenever it is read.</summary>
/// <remarks>
/// <code>
/// id     = stream offset hash                31 characters of base64url
/// stream = 72 bits  hash of who wrote it: owner, log, generation
/// offset = 48 bits  of the record's first byte in its file
/// hash   = 64 bits  of the record's time and text
/// </code>
/// The argument. Two records of one file differ in their offset, which stands in the id unabridged up to 256 TiB. Two files differ
/// in the 72 bits: with a million files in one day's index a collision among them has a chance of 10^12 / 2 / 2^72, 10^-10,
/// and only records with equal offset, time and text would then be taken for one.
/// A Docker container writes many files, one after the other, that count as one stream, so that an id stays right when a
/// rotated file is compressed or its inode is forgotten. There the same offset is used again by other records: the
/// hash tells them apart, since it covers the engine's time in nanoseconds. A container that rotates a thousand files of 25,000
/// records a day has 1.25 * 10^10 pairs with the same offset: a chance of 7 * 10^-10 a day.
/// A file that programs write themselves has no such time. Its stream is its inode and birth time, and a generation that
/// counts how often it was cut to nothing, kept in the checkpoint.
/// None of it needs the state directory, except for the generation: without it, a record that repeats the text of an older one at
/// the same offset of the same inode and the same day would be taken for it, so files that were met without a checkpoint
/// file and cannot tell their generations apart get a generation that was never used: better twice than lost.
/// The constant part comes first and the offset is big-endian, so that ids of one file are close to each other in the index's
/// sorted terms, which is what keeps looking them up cheap.
/// </remarks>
internal sealed class RecordIds
{
    /// <summary>Characters of an id.</summary>
    public const int Length = StreamCharacters + OffsetCharacters + HashCharacters;

    private const int StreamCharacters = 12;
    private const int OffsetCharacters = 8;
    private const int HashCharacters = 11;

    private readonly byte[] _stream = new byte[StreamCharacters];

    /// <param name="owner">Who wrote the stream: a container, or a file's identity.</param>
    /// <param name="log">The declaration's name and index: each log of a file has ids of its own.</param>
    /// <param name="generation">How often the file started anew.</param>
    public RecordIds(string owner, string log, uint generation)
    {
        var hash = XxHash128.Hash(Encoding.UTF8.GetBytes($"{owner}\0{log}\0{generation}"));
        Span<byte> text = stackalloc byte[StreamCharacters];
        const int FirstBytes = 6;
        WriteBase64Url(BinaryPrimitives.ReadUInt64BigEndian(hash), FirstBytes * 8 / 6, text);
        WriteBase64Url(BinaryPrimitives.ReadUInt64BigEndian(hash.AsSpan(FirstBytes)), 4, text[8..]);
        text.CopyTo(_stream);
    }

    private static ReadOnlySpan<byte> Alphabet => "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"u8;

    /// <summary>Writes <see cref="Length"/> characters.</summary>
    public void Write(long offset, ReadOnlySpan<byte> time, ReadOnlySpan<byte> text, Span<byte> target)
    {
        _stream.CopyTo(target);
        WriteBase64Url((ulong)offset << 16, OffsetCharacters, target[StreamCharacters..]);
        var seed = time.IsEmpty ? 0 : (long)XxHash3.HashToUInt64(time);
        WriteBase64Url(XxHash3.HashToUInt64(text, seed), HashCharacters, target[(StreamCharacters + OffsetCharacters)..]);
    }

    // The most significant bits first; what is missing to a whole character at the end is zero.
    private static void WriteBase64Url(ulong bits, int characters, Span<byte> target)
    {
        target = target[..characters];
        for (var i = 0; i < target.Length; i++)
        {
            target[i] = Alphabet[(int)(bits >> 58)];
            bits <<= 6;
        }
    }
}
