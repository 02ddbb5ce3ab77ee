using System.Diagnostics.CodeAnalysis;

namespace LogPilot.Agent.Records.Times;

/// <summary>The offsets from UTC of one zone: what turns the local times of a program into moments.</summary>
/// <remarks>
/// A local time that exists twice, or not at all, is read with the offset before the change: the first of the two, and for one
/// that was skipped what a clock shows that was not put forward. A program that writes local times without an offset does not say which
/// it meant.
/// .NET's TimeZoneInfo reads one directory for the whole process, from an environment variable, and finds nothing in an image
/// without files; so the files of the host are read here.
/// </remarks>
internal sealed class ZoneOffsets
{
    /// <summary>More than the longest value in use; the value comes from a container and is not trusted.</summary>
    private const int NameLengthMax = 128;

    private const string ZoneinfoDirectory = "/usr/share/zoneinfo/";
    private const int SecondsInHour = 3600;

    // Hours that are in use at a time: those of a log that is followed, of a few that are read up, and of the references.
    private const int CachedHours = 8;

    private readonly ZoneChanges _changes;
    private readonly OffsetCache _ofLocal = new();
    private readonly OffsetCache _ofUtc = new();

    private ZoneOffsets(ZoneChanges changes) => _changes = changes;

    public static ZoneOffsets Utc { get; } = new(new ZoneChanges([], [0], null));

    /// <param name="tz">The value of a container's <c>TZ</c>: a name such as <c>Asia/Shanghai</c>, or a rule such as <c>CST-8</c>.</param>
    /// <param name="zoneinfoDirectories">Where names are looked for; the first that has the name wins.</param>
    /// <param name="reason">Why the zone is not known, for whoever set the variable.</param>
    public static bool TryFind(
        string tz,
        IReadOnlyList<string> zoneinfoDirectories,
        [NotNullWhen(true)] out ZoneOffsets? zone,
        [NotNullWhen(false)] out string? reason)
    {
        zone = null;
        var value = tz.StartsWith(':') ? tz[1..] : tz;
        value = value.StartsWith(ZoneinfoDirectory, StringComparison.Ordinal) ? value[ZoneinfoDirectory.Length..] : value;
        if (value.Length > NameLengthMax)
        {
            reason = $"a time zone with more than {NameLengthMax} characters";
            return false;
        }

        if (IsUtc(value))
        {
            (zone, reason) = (Utc, null);
            return true;
        }

        // As in glibc, a file is looked for first: it knows the past of EST5EDT, which the rule does not.
        reason = $"the time zone \"{value}\" is neither a name such as Asia/Shanghai nor a rule such as CST-8";
        if (IsName(value) && TryReadFile(value, zoneinfoDirectories, ref reason, out var changes))
        {
            zone = new ZoneOffsets(changes);
        }
        else if (ZoneRule.TryParse(value, out var rule))
        {
            zone = new ZoneOffsets(new ZoneChanges([], [rule.StandardOffset], rule.HasChanges ? rule : null));
        }

        reason = zone is null ? reason : null;
        return zone is not null;
    }

    /// <summary>Turns what a clock in the zone shows, counted in seconds as if it were UTC, into seconds since 1970.</summary>
    public long ToUtcSeconds(long localSeconds) =>
        localSeconds - (_changes.IsFixed ? _changes.FirstOffset : OffsetOf(localSeconds, isLocal: true, _ofLocal));

    /// <summary>Seconds east of UTC at a moment.</summary>
    public int OffsetAt(long unixSeconds) =>
        _changes.IsFixed ? _changes.FirstOffset : OffsetOf(unixSeconds, isLocal: false, _ofUtc);

    private int OffsetOf(long seconds, bool isLocal, OffsetCache cache)
    {
        var hour = Calendar.DivideDown(seconds, SecondsInHour);
        if (cache.TryGet(hour, out var cached))
        {
            return cached;
        }

        var window = _changes.Find(seconds, isLocal);
        if (hour * SecondsInHour >= window.From && (hour + 1) * SecondsInHour <= window.Until)
        {
            cache.Set(hour, window.Offset);
        }

        return window.Offset;
    }

    private static bool IsUtc(string value) => value is "" or "UTC" or "UTC0" or "GMT" or "GMT0" or "UCT" or "Z" or "Zulu" or "Universal"
        or "Etc/UTC" or "Etc/GMT" or "Etc/UCT" or "Etc/Zulu" or "Etc/Universal";

    // Neither a dot, so no way out of the directory, nor a path from the root.
    private static bool IsName(string value)
    {
        foreach (var one in value)
        {
            if (!char.IsAsciiLetterOrDigit(one) && one is not ('_' or '+' or '-' or '/'))
            {
                return false;
            }
        }

        return value[0] != '/' && value[^1] != '/';
    }

    private static bool TryReadFile(
        string name, IReadOnlyList<string> directories, ref string reason, [NotNullWhen(true)] out ZoneChanges? changes)
    {
        changes = null;
        foreach (var directory in directories)
        {
            if (ZoneFile.TryOpen(directory, name) is not { } file)
            {
                continue;
            }

            using (file)
            {
                if (ZoneFile.TryRead(file, out changes, out var refusal))
                {
                    return true;
                }

                reason = $"the file of the time zone \"{name}\" in {directory} is not usable: {refusal}";
                return false;
            }
        }

        reason = $"the time zone \"{name}\" is not known: {string.Join(" and ", directories)} have no such file";
        return false;
    }

    /// <summary>Offsets of hours within which they do not change. Hour and offset are one number, so that threads may share it.</summary>
    private sealed class OffsetCache
    {
        private const int OffsetBits = 20;
        private const int OffsetBias = 1 << (OffsetBits - 1);

        private readonly long[] _entries = new long[CachedHours];

        public OffsetCache() => _entries.AsSpan().Fill(long.MinValue);

        public bool TryGet(long hour, out int offset)
        {
            var entry = Volatile.Read(ref _entries[hour & (CachedHours - 1)]);
            offset = (int)(entry & ((1 << OffsetBits) - 1)) - OffsetBias;
            return entry >> OffsetBits == hour;
        }

        public void Set(long hour, int offset) =>
            Volatile.Write(ref _entries[hour & (CachedHours - 1)], (hour << OffsetBits) | (uint)(offset + OffsetBias));
    }
}
