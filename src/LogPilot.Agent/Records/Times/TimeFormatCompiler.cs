using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace LogPilot.Agent.Records.Times;

/// <summary>Turns a format in the words of strftime into steps.</summary>
/// <remarks>
/// The directives are those that Ruby's <c>Time.strptime</c> reads, which is what fluentd uses:
/// https://docs.ruby-lang.org/en/master/strftime_formatting_rdoc.html. Three things are taken besides: the flags of strftime, the
/// digits before <c>N</c> and <c>L</c>, which Ruby only writes, and digits beyond the third for <c>L</c>. Weeks (<c>%U %V %W %G</c>)
/// are not: no log writes its day as a week and a weekday.
/// <code>
/// directive = "%" { "-" / "0" / "^" / "_" } [ digit ] { ":" } letter
/// </code>
/// </remarks>
internal ref struct TimeFormatCompiler(string strftime)
{
    /// <summary>A format is a setting of a container and is not trusted; the longest in use have some forty characters.</summary>
    public const int FormatLengthMax = 256;

    private const int YearDigitsMax = 4;
    private const int EpochDigitsMax = 18;
    private const int BoundEpochDigits = 10;
    private const int MillisecondDigits = 3;

    private readonly string _strftime = strftime;
    private readonly byte[] _bytes = Encoding.UTF8.GetBytes(strftime);
    private readonly List<TimeStep> _steps = [];
    private int _position;

    public bool TryCompile([NotNullWhen(true)] out TimeStep[]? steps, [NotNullWhen(false)] out string? reason)
    {
        steps = null;
        reason = ReasonAgainst(_strftime);
        while (reason is null && _position < _bytes.Length)
        {
            var one = _bytes[_position];
            if (one == '%')
            {
                reason = AddDirective();
            }
            else
            {
                _steps.Add(TimeScanner.IsBlank(one) ? new TimeStep(TimeStepKind.Blanks) : Literal(one));
                _position++;
            }
        }

        if (reason is null && !_steps.Exists(TellsTime))
        {
            reason = $"the format \"{_strftime}\" has no part of a time, such as %Y or %s";
        }

        steps = reason is null ? Bounded(_steps) : null;
        return reason is null;
    }

    /// <summary>Compiles what stands in the code, with two directives of its own: <c>%f</c> and <c>%o</c> for what may be missing.</summary>
    public static TimeStep[] Compile(string strftime)
    {
        var steps = new List<TimeStep>();
        foreach (var part in strftime.Split('%', StringSplitOptions.RemoveEmptyEntries))
        {
            AddLetter(steps, part[0], 0);
            foreach (var literal in part.AsSpan(1))
            {
                steps.Add(literal == ' ' ? new TimeStep(TimeStepKind.Blanks) : Literal((byte)literal));
            }
        }

        return Bounded(steps);
    }

    private static string? ReasonAgainst(string strftime) => strftime switch
    {
        { Length: 0 } => "the format is empty; %Y-%m-%d %H:%M:%S is one",
        { Length: > FormatLengthMax } => $"the format has more than {FormatLengthMax} characters",
        _ when !strftime.Contains('%') =>
            $"the format \"{strftime}\" has no directive; it is written as for strftime, such as %Y-%m-%d %H:%M:%S for 2026-11-24 10:00:00",
        _ => null,
    };

    private string? AddDirective()
    {
        var start = _position++;
        while (Next is '-' or '0' or '^' or '_')
        {
            _position++;
        }

        var takesBlanks = _bytes.AsSpan(start, _position - start).Contains((byte)'_');
        var width = Next is >= '1' and <= '9' ? _bytes[_position++] - '0' : 0;
        var isZone = Next == ':';
        while (Next == ':')
        {
            _position++;
        }

        var first = _steps.Count;
        var letter = Next;
        var isKnown = (width == 0 || letter is 'N' or 'L')
            && (!isZone || letter == 'z')
            && letter is not ('f' or 'o')
            && AddLetter(_steps, letter, width);
        if (!isKnown)
        {
            return UnknownDirective(start);
        }

        _position++;
        if (takesBlanks)
        {
            _steps[first] = _steps[first] with { TakesBlanks = true };
        }

        return null;
    }

    private readonly char Next => _position < _bytes.Length ? (char)_bytes[_position] : '\0';

    private readonly string UnknownDirective(int start)
    {
        var at = Encoding.UTF8.GetCharCount(_bytes.AsSpan(0, start));
        var end = Encoding.UTF8.GetCharCount(_bytes.AsSpan(0, _position));
        return end >= _strftime.Length
            ? $"the format ends within the directive \"{_strftime[at..]}\" at character {at + 1}; a percent sign is %%"
            : $"the format has an unknown directive \"{_strftime[at..(end + 1)]}\" at character {at + 1}; a percent sign is %%";
    }

    private static bool AddLetter(List<TimeStep> steps, char letter, int width)
    {
        if (Composite(letter) is { } composite)
        {
            steps.AddRange(Compile(composite));
            return true;
        }

        if (Simple(letter, width) is not { } step)
        {
            return false;
        }

        steps.Add(step);
        return true;
    }

    private static string? Composite(char letter) => letter switch
    {
        'T' or 'X' => "%H:%M:%S",
        'R' => "%H:%M",
        'r' => "%I:%M:%S %p",
        'D' or 'x' => "%m/%d/%y",
        'F' => "%Y-%m-%d",
        'v' => "%e-%b-%Y",
        'c' => "%a %b %e %H:%M:%S %Y",
        '+' => "%a %b %e %H:%M:%S %Z %Y",
        _ => null,
    };

    private static TimeStep? Simple(char letter, int width) => letter switch
    {
        'Y' => new TimeStep(TimeStepKind.Year, DigitsMax: YearDigitsMax),
        'C' => new TimeStep(TimeStepKind.Century, DigitsMax: 2),
        'y' => new TimeStep(TimeStepKind.YearOfCentury, DigitsMax: 2),
        'm' => new TimeStep(TimeStepKind.Month, DigitsMax: 2),
        'B' or 'b' or 'h' => new TimeStep(TimeStepKind.MonthName),
        'd' or 'e' => new TimeStep(TimeStepKind.Day, DigitsMax: 2, TakesBlanks: true),
        'j' => new TimeStep(TimeStepKind.DayOfYear, DigitsMax: 3),
        'H' or 'k' => new TimeStep(TimeStepKind.Hour, DigitsMax: 2, TakesBlanks: true),
        'I' or 'l' => new TimeStep(TimeStepKind.HourOfHalfDay, DigitsMax: 2, TakesBlanks: true),
        'M' => new TimeStep(TimeStepKind.Minute, DigitsMax: 2),
        'S' => new TimeStep(TimeStepKind.Second, DigitsMax: 2),
        'L' => new TimeStep(TimeStepKind.Fraction, DigitsMax: width > 0 ? width : MillisecondDigits),
        'N' => new TimeStep(TimeStepKind.Fraction, DigitsMax: width > 0 ? width : RecordTime.FractionDigitsMax),
        'f' => new TimeStep(TimeStepKind.OptionalFraction),
        'z' or 'Z' => new TimeStep(TimeStepKind.Zone),
        'o' => new TimeStep(TimeStepKind.OptionalZone),
        'A' or 'a' => new TimeStep(TimeStepKind.DayName),
        'p' or 'P' => new TimeStep(TimeStepKind.Meridian),
        's' => new TimeStep(TimeStepKind.UnixSeconds, DigitsMax: EpochDigitsMax),
        'Q' => new TimeStep(TimeStepKind.UnixMilliseconds, DigitsMax: EpochDigitsMax),
        'u' or 'w' => new TimeStep(TimeStepKind.DayOfWeek, DigitsMax: 1),
        'n' or 't' => new TimeStep(TimeStepKind.Blanks),
        '%' => Literal((byte)'%'),
        _ => null,
    };

    private static TimeStep Literal(byte literal) => new(TimeStepKind.Literal, literal);

    // A fraction takes all digits that there are, as in Ruby, unless digits follow that are something else. Then seconds since 1970
    // have the ten digits that they have until 2286.
    private static TimeStep[] Bounded(List<TimeStep> steps)
    {
        for (var i = 0; i < steps.Count; i++)
        {
            var isBound = i + 1 < steps.Count && BeginsWithDigit(steps[i + 1]);
            if (steps[i].Kind == TimeStepKind.Fraction && !isBound)
            {
                steps[i] = steps[i] with { DigitsMax = int.MaxValue };
            }
            else if (steps[i].Kind == TimeStepKind.UnixSeconds && isBound)
            {
                steps[i] = steps[i] with { DigitsMax = BoundEpochDigits };
            }
        }

        return [.. steps];
    }

    private static bool BeginsWithDigit(TimeStep step) =>
        step.Kind == TimeStepKind.Literal ? TimeScanner.IsDigit(step.Literal) : step.DigitsMax > 0;

    private static bool TellsTime(TimeStep step) =>
        step.Kind is TimeStepKind.MonthName
        || (step.DigitsMax > 0 && step.Kind is not (TimeStepKind.DayOfWeek or TimeStepKind.Century or TimeStepKind.Fraction));
}
