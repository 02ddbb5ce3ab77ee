using System.Text;
using System.Text.RegularExpressions;
using LogPilot.Linux;

namespace LogPilot.Agent.Lines;

/// <summary>An expression that a container has declared, and that cannot take more than a share of the agent's time.</summary>
/// <remarks>
/// <para>
/// A match that took longer than is fair is done once more by the clock of the thread, since the thread may have waited for a
/// processor: on a busy machine many matches seem slow, and none is. If this one is slow, both tries are charged, and
/// the expression rests for <see cref="RestFactor"/> times as long: nothing matches, and nobody waits. So matches that are
/// slower than fair take at most 1 of 21 parts of the time.
/// </para>
/// <para>Matching has one owner; the counts may be read from any thread.</para>
/// </remarks>
internal sealed class BoundedRegex
{
    /// <summary>How long an expression rests, as a multiple of the time that it is charged with.</summary>
    public const int RestFactor = 20;

    // A line takes a few microseconds, and some lines are long. Each engine does a multiple of what is fair here.
    private const long FairTicks = TimeSpan.TicksPerMillisecond;
    private const int LinearCharactersPerTick = 1;
    private const int BacktrackingCharactersPerTick = 10;

    // Tries that the timeout ended before the thread had its time.
    private const int RetriesMax = 3;

    private readonly TimeProvider _time;
    private readonly TimeProvider _threadTime;
    private readonly SharedRegex _regex;
    private readonly Action? _rested;
    private long _restStart;
    private TimeSpan _rest;

    /// <param name="pattern">Translated for .NET.</param>
    /// <param name="rested">Called when the expression begins to rest.</param>
    /// <param name="threadTime">Its timestamps are the time that the calling thread has had; by default the kernel's.</param>
    /// <exception cref="RegexParseException">The pattern is not valid.</exception>
    public BoundedRegex(string pattern, RegexDialect dialect, TimeProvider time, Action? rested = null, TimeProvider? threadTime = null)
    {
        _time = time;
        _rested = rested;
        _threadTime = threadTime ?? ThreadTime.Instance;
        _regex = SharedRegex.Of(
            pattern, RegexOptions.CultureInvariant | (dialect == RegexDialect.Ruby ? RegexOptions.Multiline : RegexOptions.None));
        Groups = Array.FindAll(_regex.GroupNames(), name => !char.IsAsciiDigit(name[0]));
    }

    /// <summary>The names of the groups that have one, in the order of their numbers.</summary>
    public IReadOnlyList<string> Groups { get; }

    /// <summary>Whether there is only the engine that may need centuries for a line.</summary>
    public bool IsBacktracking => _regex.IsBacktracking;

    /// <summary>Matches that were given up.</summary>
    public long Timeouts { get; private set; }

    /// <summary>How often the expression had to rest.</summary>
    public long Rests { get; private set; }

    /// <summary>Texts that did not match because the expression rested.</summary>
    public long Unasked { get; private set; }

    /// <param name="text">Bytes of any kind; those that are not UTF-8 are U+FFFD to the expression.</param>
    public bool IsMatch(ReadOnlySpan<byte> text) => IsMatch(Decode(text));

    public bool IsMatch(ReadOnlySpan<char> text) => Run(text, null).IsMatch;

    /// <summary>
    /// The groups, by their names; null if the text does not match. Allocates for texts that match: .NET has no groups without a
    /// string and a <see cref="System.Text.RegularExpressions.Match"/>.
    /// </summary>
    public GroupCollection? Match(ReadOnlySpan<byte> text)
    {
        var characters = Decode(text);
        if (!IsBacktracking && !IsMatch(characters))
        {
            return null;
        }

        var attempt = Run(characters, new string(characters));
        return attempt.IsMatch ? attempt.Match?.Groups : null;
    }

    private static ReadOnlySpan<char> Decode(ReadOnlySpan<byte> text)
    {
        // No byte becomes more than one character.
        var characters = Scratch.Characters.Room(text.Length);
        return characters[..Encoding.UTF8.GetChars(text, characters)];
    }

    private Attempt Run(ReadOnlySpan<char> text, string? whole)
    {
        if (IsResting())
        {
            Unasked++;
            return default;
        }

        var fair = whole is null && !IsBacktracking
            ? Fair(text.Length / LinearCharactersPerTick, SharedRegex.LinearTimeout)
            : Fair(text.Length / BacktrackingCharactersPerTick, SharedRegex.BacktrackingTimeout);
        var attempt = Try(text, whole, _time);
        if (attempt.Ticks <= fair && !attempt.IsTimeout)
        {
            return attempt;
        }

        var retries = 0;
        do
        {
            attempt = Try(text, whole, _threadTime);
        }
        while (attempt.IsTimeout && attempt.Ticks <= fair && ++retries < RetriesMax);

        Timeouts += attempt.IsTimeout ? 1 : 0;
        if (attempt.Ticks > fair)
        {
            Rests++;
            _restStart = _time.GetTimestamp();
            _rest = TimeSpan.FromTicks(2 * attempt.Ticks * RestFactor);
            _rested?.Invoke();
        }

        return attempt;
    }

    // What reaches the timeout was not fair.
    private static long Fair(long ticksForLength, TimeSpan timeout) => Math.Min(FairTicks + ticksForLength, timeout.Ticks / 2);

    private bool IsResting()
    {
        if (_rest > TimeSpan.Zero && _time.GetElapsedTime(_restStart) >= _rest)
        {
            _rest = TimeSpan.Zero;
        }

        return _rest > TimeSpan.Zero;
    }

    private Attempt Try(ReadOnlySpan<char> text, string? whole, TimeProvider clock)
    {
        var start = clock.GetTimestamp();
        try
        {
            var match = whole is null ? null : _regex.Match(whole);
            var isMatch = match?.Success ?? _regex.IsMatch(text);
            return new Attempt(isMatch, match, clock.GetElapsedTime(start).Ticks, IsTimeout: false);
        }
        catch (RegexMatchTimeoutException)
        {
            return new Attempt(IsMatch: false, null, clock.GetElapsedTime(start).Ticks, IsTimeout: true);
        }
    }

    private readonly record struct Attempt(bool IsMatch, Match? Match, long Ticks, bool IsTimeout);
}
