using System.Buffers;
using System.Buffers.Text;

namespace LogPilot.Agent.Lines;

/// <summary>The times that runtimes write: RFC 3339, with up to nine digits of a second.</summary>
internal static class RuntimeTime
{
    private const int SecondsLength = 19;
    private const int LengthMax = 30;

    private static readonly SearchValues<byte> TimeCharacters = SearchValues.Create("0123456789-T:."u8);

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

        // hh:mm behind a sign.
        if (time.Length < SecondsLength + 6 || time[^6] is not ((byte)'+' or (byte)'-') || time[^3] != ':'
            || !TryNumber(time[^5..^3], out var hours) || !TryNumber(time[^2..], out var minutes) || hours > 23 || minutes > 59
            || !IsLocal(time[..^6]) || time.Length - 5 > LengthMax || !TrySeconds(time, out var local))
        {
            return false;
        }

        var offset = new TimeSpan(hours, minutes, 0);
        var utc = local.Ticks - (time[^6] == '+' ? offset.Ticks : -offset.Ticks);
        if (utc < DateTime.MinValue.Ticks || utc > DateTime.MaxValue.Ticks)
        {
            return false;
        }

        var length = time.Length - 5;
        var room = Scratch.Time.Room(length)[..length];
        new DateTime(utc, DateTimeKind.Utc).TryFormat(room, out _, "yyyy-MM-ddTHH:mm:ss", null);
        time[SecondsLength..^6].CopyTo(room[SecondsLength..]);
        room[^1] = (byte)'Z';
        result = room;
        return true;
    }

    private static bool IsLocal(ReadOnlySpan<byte> time) =>
        time[4] == '-' && time[7] == '-' && time[10] == 'T' && time[13] == ':' && time[16] == ':'
        && (time.Length == SecondsLength || time[SecondsLength] == '.') && time.IndexOfAnyExcept(TimeCharacters) < 0;

    private static bool TrySeconds(ReadOnlySpan<byte> time, out DateTime result)
    {
        result = default;
        if (!TryNumber(time[..4], out var year) || !TryNumber(time[5..7], out var month) || !TryNumber(time[8..10], out var day)
            || !TryNumber(time[11..13], out var hour) || !TryNumber(time[14..16], out var minute) || !TryNumber(time[17..19], out var second)
            || year is < 1 or > 9999 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)
            || hour > 23 || minute > 59 || second > 59)
        {
            return false;
        }

        result = new DateTime(year, month, day, hour, minute, second, DateTimeKind.Utc);
        return true;
    }

    private static bool TryNumber(ReadOnlySpan<byte> digits, out int number) =>
        Utf8Parser.TryParse(digits, out number, out var read) && read == digits.Length && digits[0] is not ((byte)'-' or (byte)'+');
}
