using System.Globalization;

namespace LogPilot.Load.Logs;

/// <summary>A line whose number says all of its text, so that whoever receives it knows whether it is whole.</summary>
/// <param name="Log">One letter: which log it belongs to.</param>
/// <param name="Number">Its place in the log, from 1.</param>
internal readonly record struct NumberedLine(char Log, int Number)
{
    private const int NumberStart = 2;
    private const int NumberDigits = 10;

    // Characters that have to be escaped, and some that take more than one byte.
    private const string Filler = "a line of \"quoted\" text, with a \\ and a tab\tand äöü € in it; ";

    // The engine cuts what is longer than 16 KiB, and spoils the character that it cuts within: long lines are ASCII.
    private const string LongFiller = "a line of \"quoted\" text, with a \\ and a tab\tin it, as a stack trace; ";
    private const int LongLineEvery = 499;
    private const int LongLineLength = 40_000;
    private const int LengthMax = 300;
    private const int MillisecondsOfDay = 24 * 60 * 60 * 1000;

    /// <summary>Lines whose numbers differ by this are as long as each other.</summary>
    public const int LengthPeriod = LongLineEvery * LengthMax;

    public string Text
    {
        get
        {
            // Most programs write the time of day, and an agent may tell the lives of a file apart by it.
            var time = TimeSpan.FromMilliseconds(Number % MillisecondsOfDay);
            var filler = Number % LongLineEvery == 0
                ? Fill(LongFiller, LongLineLength)
                : Fill(Filler, Number % LengthMax * 31 % LengthMax);
            return string.Create(
                CultureInfo.InvariantCulture, $@"{Log} {Number:D10} {time:hh\:mm\:ss\.fff} {filler}.");
        }
    }

    /// <summary>The line of a text; false if the text is not exactly what some line says.</summary>
    public static bool TryParse(string text, out NumberedLine line)
    {
        line = default;
        if (text.Length < NumberStart + NumberDigits
            || !int.TryParse(
                text.AsSpan(NumberStart, NumberDigits), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        line = new NumberedLine(text[0], number);
        return line.Text == text;
    }

    private static string Fill(string text, int length) =>
        string.Concat(Enumerable.Repeat(text, (length / text.Length) + 1))[..length];
}
