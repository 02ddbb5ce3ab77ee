using System.IO.Hashing;

namespace LogPilot.Agent.Files;

/// <summary>Some bytes of a file, as their number and hash, by which they are known again.</summary>
internal readonly record struct Fingerprint(int Bytes, ulong Hash)
{
    /// <summary>How many of a file's first bytes it is known by.</summary>
    public const int HeadBytesMax = 1024;

    public static Fingerprint Of(ReadOnlySpan<byte> bytes) =>
        bytes.IsEmpty ? default : new(bytes.Length, XxHash3.HashToUInt64(bytes));

    public bool IsOf(ReadOnlySpan<byte> bytes) => bytes.Length == Bytes && (Bytes == 0 || XxHash3.HashToUInt64(bytes) == Hash);
}
