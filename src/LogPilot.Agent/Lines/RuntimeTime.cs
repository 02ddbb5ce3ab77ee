using System.Buffers;
using System.Buffers.Text;
using System.Globalization;

namespace LogPilot.Agent.Lines;

/// <summary>The times that runtimes write: RFC 3339, with up to nine digits of a second.</summary>
internal static class RuntimeTime
{
    private const int MinuteLength = 16;
    private const int SecondsLength = 19;
    private const int LengthMax = 30;
    private const int OffsetLength = 6;

    private static readonly SearchValues<byte> TimeCharacters = SearchValues.Create("0123456789-T:."u8);

    [ThreadStatic]
    private static byte[]? _lastLocal;

    [ThreadStatic]
    private static byte[]? _lastUtc;

    public static bool IsUtc(ReadOnlySpan<byte> time) =>
        time.Length is > SecondsLength and <= LengthMax && time[^1] == 'Z' && IsLocal(time[..^1]);

    /// <summary>Makes it a time in UTC with the same digits of a second, which is valid until the next one.</summary>
    /// <returns>False if it is no time.</returns>
    public static bool TryMakeUtc(ReadOnlySpan<byte> time, out ReadOnlySpan<byte> result)
    {
        result = time;
        if (IsUtc(time))
        {
            return true;
        }

        var length = time.Length - OffsetLength + 1;
        if (length is <= SecondsLength or > LengthMax || !IsLocal(time[..^OffsetLength]) || !TryMinuteOf(time, out var minute))
        {
            return false;
        }

        var room = Scratch.Time.Room(length)[..length];
        minute.CopyTo(room);
        time[MinuteLength..^OffsetLength].CopyTo(room[MinuteLength..]);
        room[^1] = (byte)'Z';
        result = room;
        return true;
    }

    // A minute has many lines, and offsets are whole minutes.
    private static bool TryMinuteOf(ReadOnlySpan<byte> time, out ReadOnlySpan<byte> utc)
    {
        _lastLocal ??= new byte[MinuteLength + OffsetLength];
        _lastUtc ??= new byte[MinuteLength];
        utc = _lastUtc;
        var minute = time[..MinuteLength];
        var offset = time[^OffsetLength..];
        if (minute.SequenceEqual(_lastLocal.AsSpan(0, MinuteLength)) && offset.SequenceEqual(_lastLocal.AsSpan(MinuteLength)))
        {
            return true;
        }

        if (!TryMinute(minute, out var local) || !TryOffset(offset, out var span)
            || local.Ticks - span.Ticks is var ticks && (ticks < DateTime.MinValue.Ticks || ticks > DateTime.MaxValue.Ticks))
        {
            return false;
        }

        new DateTime(ticks).TryFormat(_lastUtc, out _, "yyyy-MM-ddTHH:mm", CultureInfo.InvariantCulture);
        minute.CopyTo(_lastLocal);
        offset.CopyTo(_lastLocal.AsSpan(MinuteLength));
        return true;
    }

    private static bool IsLocal(ReadOnlySpan<byte> time) =>
        time[4] == '-' && time[7] == '-' && time[10] == 'T' && time[13] == ':' && time[16] == ':'
        && (time.Length == SecondsLength || time[SecondsLength] == '.') && time.IndexOfAnyExcept(TimeCharacters) < 0;

    private static bool TryMinute(ReadOnlySpan<byte> time, out DateTime result)
    {
        result = default;
        if (!TryNumber(time[..4], out var year) || !TryNumber(time[5..7], out var month) || !TryNumber(time[8..10], out var day)
            || !TryNumber(time[11..13], out var hour) || !TryNumber(time[14..], out var minute)
            || year is < 1 or > 9999 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59)
        {
            return false;
        }

        result = new DateTime(year, month, day, hour, minute, 0);
        return true;
    }

    // hh:mm behind a sign.
    private static bool TryOffset(ReadOnlySpan<byte> text, out TimeSpan result)
    {
        result = default;
        if (text[0] is not ((byte)'+' or (byte)'-') || text[3] != ':'
            || !TryNumber(text[1..3], out var hours) || !TryNumber(text[4..], out var minutes) || hours > 23 || minutes > 59)
        {
            return false;
        }

        result = new TimeSpan(hours, minutes, 0);
        result = text[0] == '+' ? result : -result;
        return true;
    }

    private static bool TryNumber(ReadOnlySpan<byte> digits, out int number) =>
        Utf8Parser.TryParse(digits, out number, out var read) && read == digits.Length && digits[0] is not ((byte)'-' or (byte)'+');
}
