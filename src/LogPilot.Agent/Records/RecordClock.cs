using System.Globalization;
using System.Text;

namespace LogPilot.Agent.Records;

/// <summary>The time of reading, as text, for lines that have no time of their own.</summary>
internal sealed class RecordClock(TimeProvider time)
{
    private readonly byte[] _text = Encoding.ASCII.GetBytes("0000-00-00T00:00:00.000Z");
    private long _milliseconds = -1;
    private int _otherDay;
    private byte[] _otherDayText = [];

    /// <summary>Days since 1970 of <see cref="Text"/>.</summary>
    public int Day { get; private set; }

    /// <summary><c>yyyy-MM-ddTHH:mm:ss.fffZ</c>; the same buffer at every call.</summary>
    public ReadOnlySpan<byte> Text => _text;

    /// <summary>Takes the time anew: once a chunk, since all its lines were read in one moment.</summary>
    public void Refresh()
    {
        var now = time.GetUtcNow();
        var milliseconds = now.ToUnixTimeMilliseconds();
        if (milliseconds == _milliseconds)
        {
            return;
        }

        _milliseconds = milliseconds;
        Day = (int)(milliseconds / 86_400_000);
        _ = now.TryFormat(_text, out _, "yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
    }

    /// <summary>Of a line that was read first on this day. On another day than now, that is its last moment.</summary>
    public ReadOnlySpan<byte> TextOn(int day)
    {
        if (day == Day)
        {
            return Text;
        }

        if (day != _otherDay)
        {
            _otherDay = day;
            _otherDayText = EndOfDay(day);
        }

        return _otherDayText;
    }

    private static byte[] EndOfDay(int day) =>
        Encoding.ASCII.GetBytes(DateTime.UnixEpoch.AddDays(day).ToString("yyyy-MM-ddT23:59:59.999Z", CultureInfo.InvariantCulture));
}
