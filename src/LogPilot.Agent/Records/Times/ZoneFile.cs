using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using LogPilot.Linux;
using Microsoft.Win32.SafeHandles;

namespace LogPilot.Agent.Records.Times;

/// <summary>Reads the files of the zoneinfo directory.</summary>
/// <remarks>
/// https://www.rfc-editor.org/rfc/rfc8536, section 3. All numbers are big-endian.
/// <code>
/// file   = header data(32 bits) header data(64 bits) LF rule LF
/// header = "TZif" version(1) zeros(15) isutc(4) isstd(4) leaps(4) changes(4) types(4) characters(4)
/// data   = changes * moment(4 or 8), changes * type(1), types * ( offset(4) isdst(1) name(1) ), characters,
///          leaps * ( moment(4 or 8) correction(4) ), isstd, isutc
/// </code>
/// The first data is for readers of version 1 and is skipped. Changes before 1970 are no use here: no record is that old.
/// </remarks>
internal static class ZoneFile
{
    /// <summary>The largest zone there is has less than 4 KiB.</summary>
    private const int FileBytesMax = 64 * 1024;

    private const int HeaderLength = 44;
    private const int TypeLength = 6;
    private const int OffsetMax = 26 * 3600;

    /// <returns>Null if the directory has no such regular file.</returns>
    public static SafeFileHandle? TryOpen(string directory, string name)
    {
        try
        {
            // The name is resolved as if the directory were the root, so no link in it leads out of it.
            using var root = LinuxFile.OpenRoot(directory);
            var file = LinuxFile.TryOpenInRoot(root, name, OpenKind.Read, out _);
            if (file is null || (LinuxFile.TryStat(file, out var stat) && stat.Kind == FileKind.Regular))
            {
                return file;
            }

            file.Dispose();
            return null;
        }
        catch (LinuxException)
        {
            return null;
        }
    }

    public static bool TryRead(
        SafeFileHandle file, [NotNullWhen(true)] out ZoneChanges? changes, [NotNullWhen(false)] out string? reason)
    {
        changes = null;
        try
        {
            // The size is asked for by reading: it may change meanwhile.
            var buffer = new byte[FileBytesMax + 1];
            var length = 0;
            for (var read = -1; read != 0 && length < buffer.Length; length += read)
            {
                read = RandomAccess.Read(file, buffer.AsSpan(length), length);
            }

            reason = length > FileBytesMax ? $"it has more than {FileBytesMax} bytes" : Parse(buffer.AsSpan(0, length), out changes);
        }
        catch (IOException failure)
        {
            reason = failure.Message;
        }

        return changes is not null;
    }

    /// <returns>What is wrong with it; null if nothing is.</returns>
    public static string? Parse(ReadOnlySpan<byte> file, out ZoneChanges? changes)
    {
        changes = null;
        if (!TryHeader(file, out var first))
        {
            return "it is no TZif file";
        }

        // A file of version 1 ends in 2037 and says nothing of what is then; nobody has written one since 2008.
        if (first.Version < (byte)'2')
        {
            return "it is of version 1";
        }

        var second = file.Length - HeaderLength >= first.DataLength(4) ? file[(HeaderLength + (int)first.DataLength(4))..] : default;
        if (!TryHeader(second, out var header) || second.Length - HeaderLength < header.DataLength(8) || header.Types == 0)
        {
            return "it is cut off or damaged";
        }

        if (header.Leaps > 0)
        {
            return "it counts leap seconds, which Unix time does not";
        }

        var data = second.Slice(HeaderLength, (int)header.DataLength(8));
        var footer = second[(HeaderLength + data.Length)..];
        if (!TryRule(footer, out var rule))
        {
            return "its rule for the future is not understood";
        }

        // Most zones of the world do not change any more.
        changes = TryChanges(data, header, rule is { HasChanges: true } ? rule : null);
        return changes is null ? "its changes are damaged" : null;
    }

    private static bool TryRule(ReadOnlySpan<byte> footer, out ZoneRule? rule)
    {
        rule = null;
        if (footer.Length < 2 || footer[0] != '\n' || footer[1..].IndexOf((byte)'\n') is not (>= 0 and var length))
        {
            return false;
        }

        return length == 0 || ZoneRule.TryParse(Encoding.ASCII.GetString(footer.Slice(1, length)), out rule);
    }

    private static ZoneChanges? TryChanges(ReadOnlySpan<byte> data, Header header, ZoneRule? rule)
    {
        var types = data[((int)header.Changes * 9)..];
        var moments = new List<long>();
        var offsets = new List<int>();
        if (!TryOffset(types, 0, out var offset))
        {
            return null;
        }

        offsets.Add(offset);
        var last = long.MinValue;
        for (var i = 0; i < header.Changes; i++)
        {
            var moment = BinaryPrimitives.ReadInt64BigEndian(data[(i * 8)..]);
            var type = data[((int)header.Changes * 8) + i];
            if (moment < last || type >= header.Types || !TryOffset(types, type, out offset))
            {
                return null;
            }

            last = moment;
            Add(moment, offset, moments, offsets);
        }

        return new ZoneChanges([.. moments], [.. offsets], rule);
    }

    // A change before 1970, or one of the name alone, only says what the offset is from then on.
    private static void Add(long moment, int offset, List<long> moments, List<int> offsets)
    {
        const long Margin = 2 * Calendar.SecondsInDay;
        if (moment < -Margin)
        {
            offsets[0] = offset;
        }
        else if (offset != offsets[^1])
        {
            moments.Add(moment);
            offsets.Add(offset);
        }
    }

    private static bool TryOffset(ReadOnlySpan<byte> types, int type, out int offset)
    {
        offset = BinaryPrimitives.ReadInt32BigEndian(types[(type * TypeLength)..]);
        return offset is > -OffsetMax and < OffsetMax;
    }

    private static bool TryHeader(ReadOnlySpan<byte> file, out Header header)
    {
        header = default;
        if (file.Length < HeaderLength || !file.StartsWith("TZif"u8))
        {
            return false;
        }

        header = new Header(
            file[4], Number(file, 20), Number(file, 24), Number(file, 28), Number(file, 32), Number(file, 36), Number(file, 40));
        return true;
    }

    private static uint Number(ReadOnlySpan<byte> file, int at) => BinaryPrimitives.ReadUInt32BigEndian(file[at..]);

    private readonly record struct Header(byte Version, uint IsUtc, uint IsStandard, uint Leaps, uint Changes, uint Types, uint Characters)
    {
        // Six counts of 32 bits do not overflow 64.
        public long DataLength(int momentLength) =>
            ((long)Changes * (momentLength + 1)) + ((long)Types * TypeLength) + Characters + ((long)Leaps * (momentLength + 4)) + IsStandard + IsUtc;
    }
}
