using System.Text.RegularExpressions;

namespace LogPilot.Agent.Lines;

/// <summary>An expression, built once for all that declare it and as long as one of them uses it.</summary>
/// <remarks>
/// Whether a text matches says the engine without backtracking, whose time grows with the text and not faster; where the groups are
/// says the engine with backtracking, which needs a third of the other's time for that and is asked about texts that match only. An
/// expression that the first engine refuses, for lookaround, a backreference or an atomic group, has the second one only.
/// <para>
/// The first engine builds an automaton while it matches: some 200 KiB as a rule, 28 MB where somebody wants it, as
/// <c>(a|b)*a(a|b){14}$</c> did. All that it allocates is automaton, so that is counted, and one that grows too large is given up.
/// </para>
/// </remarks>
internal sealed class SharedRegex
{
    /// <summary>An automaton for which more than this was allocated is given up. About a third of that is kept.</summary>
    public const long GrownBytesMax = 4 * 1024 * 1024;

    public static readonly TimeSpan BacktrackingTimeout = TimeSpan.FromMilliseconds(10);

    /// <summary>A line of a megabyte is to be matched on a busy machine, too.</summary>
    public static readonly TimeSpan LinearTimeout = TimeSpan.FromMilliseconds(500);

    // Guards Known. Declarations are read by one thread while another matches.
    private static readonly Lock Gate = new();
    private static readonly Dictionary<(string Pattern, RegexOptions Options), WeakReference<SharedRegex>> Known = [];

    private readonly Regex _backtracking;
    private Regex? _linear;
    private long _grownBytes;

    private SharedRegex(string pattern, RegexOptions options)
    {
        _backtracking = new Regex(pattern, options, BacktrackingTimeout);
        try
        {
            _linear = new Regex(pattern, options | RegexOptions.NonBacktracking, LinearTimeout);
        }
        catch (NotSupportedException)
        {
            _linear = null;
        }

        WarmUp();
    }

    /// <summary>Whether there is only the engine that may need centuries for a line.</summary>
    public bool IsBacktracking => _linear is null;

    /// <exception cref="RegexParseException">The pattern is not valid.</exception>
    public static SharedRegex Of(string pattern, RegexOptions options)
    {
        lock (Gate)
        {
            if (Known.TryGetValue((pattern, options), out var reference) && reference.TryGetTarget(out var known))
            {
                return known;
            }

            foreach (var (key, _) in Known.Where(one => !one.Value.TryGetTarget(out _)).ToList())
            {
                Known.Remove(key);
            }

            var made = new SharedRegex(pattern, options);
            Known[(pattern, options)] = new WeakReference<SharedRegex>(made);
            return made;
        }
    }

    public string[] GroupNames() => _backtracking.GetGroupNames();

    /// <exception cref="RegexMatchTimeoutException">It took too long.</exception>
    public bool IsMatch(ReadOnlySpan<char> text)
    {
        if (_linear is not { } linear)
        {
            return _backtracking.IsMatch(text);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        var isMatch = linear.IsMatch(text);
        _grownBytes += GC.GetAllocatedBytesForCurrentThread() - before;
        if (_grownBytes > GrownBytesMax)
        {
            _linear = null;
        }

        return isMatch;
    }

    /// <param name="text">Where there are two engines, one that matches.</param>
    /// <exception cref="RegexMatchTimeoutException">It took too long.</exception>
    public Match Match(string text) => _backtracking.Match(text);

    // The first match builds what every match needs, which is not the fault of a line.
    private void WarmUp()
    {
        try
        {
            _linear?.IsMatch("");
            _backtracking.IsMatch("");
        }
        catch (RegexMatchTimeoutException)
        {
            // A slow start on a busy machine; the next match finds everything built.
        }
    }
}
