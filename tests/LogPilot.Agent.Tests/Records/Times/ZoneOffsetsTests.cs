using System.Buffers.Binary;
using System.Text;
using System.Text.RegularExpressions;
using LogPilot.Agent.Records.Times;
using LogPilot.Agent.Tests.Support;

namespace LogPilot.Agent.Tests.Records.Times;

public sealed partial class ZoneOffsetsTests : IDisposable
{
    private const string Zoneinfo = "/usr/share/zoneinfo";
    private const int Seed = 20261124;
    private const int RoundsOfZone = 400;

    private readonly ScratchDirectory _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData("", 0)]
    [InlineData("UTC", 0)]
    [InlineData(":UTC", 0)]
    [InlineData("Etc/UTC", 0)]
    [InlineData("CST-8", 8 * 3600)]
    [InlineData("<+08>-8", 8 * 3600)]
    [InlineData("<-0330>3:30", -12_600)]
    [InlineData("ABC+1:02:03", -3723)]
    [InlineData("EST5EDT4,J1/0,J365/25", -4 * 3600)]
    [InlineData("XXX3EDT4,0/0,J365/23", -4 * 3600)]
    public void TryFind_RuleWithOneOffset_HasIt(string tz, int offset)
    {
        var zone = TimeTexts.Zone(tz);

        foreach (var seconds in (long[])[0, 1_704_067_199, 1_719_792_000, 1_735_689_600, 253_402_300_799])
        {
            Assert.Equal(offset, zone.OffsetAt(seconds));
            Assert.Equal(seconds - offset, zone.ToUtcSeconds(seconds));
        }
    }

    // On 8 March 2026 the clocks of New York went from 02:00 to 03:00, on 1 November from 02:00 back to 01:00.
    [Theory]
    [InlineData("2026-03-08T01:59:59Z", "2026-03-08T06:59:59.000Z")]
    [InlineData("2026-03-08T02:00:00Z", "2026-03-08T07:00:00.000Z")]
    [InlineData("2026-03-08T02:59:59Z", "2026-03-08T07:59:59.000Z")]
    [InlineData("2026-03-08T03:00:00Z", "2026-03-08T07:00:00.000Z")]
    [InlineData("2026-07-01T12:00:00Z", "2026-07-01T16:00:00.000Z")]
    [InlineData("2026-11-01T01:00:00Z", "2026-11-01T05:00:00.000Z")]
    [InlineData("2026-11-01T01:59:59Z", "2026-11-01T05:59:59.000Z")]
    [InlineData("2026-11-01T02:00:00Z", "2026-11-01T07:00:00.000Z")]
    [InlineData("2027-01-01T00:00:00Z", "2027-01-01T05:00:00.000Z")]
    public void ToUtcSeconds_AroundAChange_TakesTheOffsetBeforeIt(string local, string utc)
    {
        CheckLocal(TimeTexts.Zone("EST5EDT"), local, utc);
        CheckLocal(TimeTexts.Zone("EST5EDT,M3.2.0,M11.1.0"), local, utc);
        CheckLocal(Read(TzFile(footer: "EST5EDT,M3.2.0,M11.1.0", changes: [(1_772_953_200, -4 * 3600)])), local, utc);
    }

    // Summer goes over the turn of the year in the south, and in Ireland it is the standard.
    [Theory]
    [InlineData("AEST-10AEDT,M10.1.0,M4.1.0/3", "2026-01-01T00:00:00Z", 11)]
    [InlineData("AEST-10AEDT,M10.1.0,M4.1.0/3", "2026-07-01T00:00:00Z", 10)]
    [InlineData("IST-1GMT0,M10.5.0,M3.5.0/1", "2026-01-01T00:00:00Z", 0)]
    [InlineData("IST-1GMT0,M10.5.0,M3.5.0/1", "2026-07-01T00:00:00Z", 1)]
    [InlineData("EET-2EEST,M4.5.5/0,M10.5.4/24", "2039-10-27T20:59:59Z", 3)]
    [InlineData("EET-2EEST,M4.5.5/0,M10.5.4/24", "2039-10-27T21:00:00Z", 2)]
    [InlineData("EET-2EEST,M3.4.4/50,M10.4.4/50", "2097-10-24T22:59:16Z", 3)]
    [InlineData("<-04>4<-03>,M9.1.6/24,M4.1.6/24", "2095-04-03T02:59:59Z", -3)]
    [InlineData("<-04>4<-03>,M9.1.6/24,M4.1.6/24", "2095-04-03T03:00:00Z", -4)]
    [InlineData("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-03-29T00:59:59Z", -2)]
    [InlineData("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-03-29T01:00:00Z", -1)]
    public void OffsetAt_Rule_IsThatOfTheSeason(string tz, string moment, int hours) =>
        Assert.Equal(hours * 3600, TimeTexts.Zone(tz).OffsetAt(TimeTexts.At(moment).UnixSeconds));

    [Theory]
    [InlineData("../etc/passwd")]
    [InlineData("Asia/../../passwd")]
    [InlineData("/etc/localtime")]
    [InlineData("Asia/")]
    [InlineData("Asia/Sh anghai")]
    [InlineData("Asia/Shanghai\0")]
    [InlineData("Asia/上海")]
    [InlineData("CST-25")]
    [InlineData("CST-8x")]
    [InlineData("CS-8")]
    [InlineData("<CST-8")]
    [InlineData("EST5EDT,M3.2.0")]
    [InlineData("EST5EDT,M13.2.0,M11.1.0")]
    [InlineData("EST5EDT,M3.2.0/168,M11.1.0")]
    [InlineData("EST5EDT,J366,J1")]
    [InlineData("EST5EDT,M3.2.0,M11.1.0,")]
    [InlineData("99999999999999999999")]
    public void TryFind_NoZone_SaysWhyAndNames(string tz)
    {
        Assert.False(ZoneOffsets.TryFind(tz, [Zoneinfo], out var zone, out var reason));
        Assert.Null(zone);
        Assert.Contains(tz, reason, StringComparison.Ordinal);
    }

    [Fact]
    public void TryFind_LongValue_IsRefused() => Assert.False(ZoneOffsets.TryFind(new string('a', 129), [], out _, out _));

    [Fact]
    public void TryFind_Name_IsLookedForInEachDirectory()
    {
        Write("second/Asia/Shanghai", TzFile("CST-8", []));
        string[] directories = [_scratch.PathOf("absent"), _scratch.CreateDirectory("first"), _scratch.PathOf("second")];

        foreach (var tz in (string[])["Asia/Shanghai", ":Asia/Shanghai", ":/usr/share/zoneinfo/Asia/Shanghai"])
        {
            Assert.True(ZoneOffsets.TryFind(tz, directories, out var zone, out var reason), reason);
            Assert.Equal(8 * 3600, zone.OffsetAt(0));
        }

        Assert.False(ZoneOffsets.TryFind("Asia/Tokyo", directories, out _, out var unknown));
        Assert.Equal($"the time zone \"Asia/Tokyo\" is not known: {string.Join(" and ", directories)} have no such file", unknown);
    }

    [Fact]
    public void TryFind_NameOfNoRegularFile_IsNotRead()
    {
        Write("outside", TzFile("CST-8", []));
        Write("zones/inside", TzFile("CST-8", []));
        _scratch.MakeFifo("zones/fifo");
        _scratch.CreateDirectory("zones", "directory");
        _scratch.LinkTo("zones/null", "/dev/null");
        _scratch.LinkTo("zones/out", "../outside");
        _scratch.LinkTo("zones/absolute", _scratch.PathOf("outside"));
        _scratch.LinkTo("zones/link", "inside");
        string[] directories = [_scratch.PathOf("zones")];

        foreach (var name in (string[])["fifo", "directory", "null", "out", "absolute"])
        {
            Assert.False(ZoneOffsets.TryFind(name, directories, out _, out _), name);
        }

        Assert.True(ZoneOffsets.TryFind("link", directories, out _, out _));
    }

    [Fact]
    public void TryFind_FileThatIsNone_SaysWhy()
    {
        var good = TzFile("CST-8", [(0, 3600)]);
        CheckRefused([], "it is no TZif file");
        CheckRefused("root:x:0:0"u8.ToArray(), "it is no TZif file");
        CheckRefused(new byte[(64 * 1024) + 1], "it has more than 65536 bytes");
        CheckRefused([.. good[..4], 0, .. good[5..]], "it is of version 1");
        CheckRefused(good[..60], "it is cut off or damaged");
        CheckRefused(TzFile("CST-8", [(5, 3600), (4, 0)]), "its changes are damaged");
        CheckRefused(TzFile("CST-8", [(5, 26 * 3600)]), "its changes are damaged");
        CheckRefused(TzFile("nonsense!", []), "its rule for the future is not understood");
        CheckRefused(TzFile("CST-8", [], leaps: 1), "it counts leap seconds, which Unix time does not");
    }

    [Fact]
    public void Parse_EachPrefixAndMutation_IsAZoneOrNone()
    {
        var random = new Random(Seed);
        var file = TzFile("EST5EDT,M3.2.0,M11.1.0", [(-5, -4 * 3600), (1_000_000_000, -5 * 3600), (1_772_953_200, -4 * 3600)]);
        for (var length = 0; length < file.Length; length++)
        {
            Assert.NotNull(ZoneFile.Parse(file.AsSpan(0, length), out _));
        }

        for (var round = 0; round < 20_000; round++)
        {
            var mutated = (byte[])file.Clone();
            for (var changes = random.Next(1, 4); changes > 0; changes--)
            {
                mutated[random.Next(file.Length)] = (byte)random.Next(256);
            }

            try
            {
                _ = ZoneFile.Parse(mutated, out var zone);
                _ = zone?.Find(random.NextInt64(-100_000_000_000, 400_000_000_000), isLocal: true);
            }
            catch (Exception failure)
            {
                Assert.Fail($"Seed {Seed}, round {round}, {Convert.ToHexString(mutated)}: {failure}");
            }
        }
    }

    // The base library reads the same files in its own way. It rounds offsets to minutes, which until 1972 matters in Monrovia,
    // and after 2037 it is a day off where a rule has an hour that is none of its day, as in Cairo and Santiago.
    [Fact]
    public void OffsetAt_EachZoneOfTheSystem_IsThatOfTheBaseLibrary()
    {
        Assert.SkipUnless(File.Exists($"{Zoneinfo}/Asia/Shanghai"), "There are no zone files on this machine: install tzdata.");
        var random = new Random(Seed);
        var wrong = new List<string>();
        foreach (var info in TimeZoneInfo.GetSystemTimeZones())
        {
            if (ZoneOffsets.TryFind(info.Id, [Zoneinfo], out var zone, out var reason))
            {
                wrong.AddRange(Differences(zone, info, random));
            }
            else
            {
                wrong.Add($"{info.Id}: {reason}");
            }
        }

        Assert.True(wrong.Count == 0, $"Seed {Seed}, {wrong.Count}: {string.Join('\n', wrong.Take(20))}");
    }

    [Fact]
    public void ToUtcSeconds_ManyTimes_AllocatesNothing()
    {
        var zone = TimeTexts.Zone("EST5EDT");
        var sum = 0L;

        Allocations.AssertNone(() =>
        {
            for (var i = 0; i < 10_000; i++)
            {
                sum += zone.ToUtcSeconds(i * 1000) + zone.OffsetAt(i * 1000);
            }
        });

        Assert.NotEqual(0, sum);
    }

    [GeneratedRegex("/(-|2[4-9]|[3-9][0-9]|1[0-9][0-9])")]
    private static partial Regex HourOfNoDay();

    private static List<string> Differences(ZoneOffsets zone, TimeZoneInfo info, Random random)
    {
        var wrong = new List<string>();
        var footer = Encoding.Latin1.GetString(File.ReadAllBytes($"{Zoneinfo}/{info.Id}")).Split('\n')[^2];
        var years = HourOfNoDay().IsMatch(footer) ? 2036 - 1972 : 2100 - 1972;
        for (var round = 0; round < RoundsOfZone; round++)
        {
            var moment = new DateTimeOffset(1972, 1, 9, 0, 0, 0, TimeSpan.Zero).AddSeconds(random.NextInt64(0, years * 365L * 86_400));
            var expected = (int)info.GetUtcOffset(moment).TotalSeconds;
            if (zone.OffsetAt(moment.ToUnixTimeSeconds()) != expected)
            {
                wrong.Add($"{info.Id} at {moment:O}: {zone.OffsetAt(moment.ToUnixTimeSeconds())}, not {expected}");
            }

            var local = DateTime.SpecifyKind(moment.UtcDateTime, DateTimeKind.Unspecified);
            if (!info.IsInvalidTime(local) && zone.ToUtcSeconds(moment.ToUnixTimeSeconds()) != ExpectedUtc(info, local))
            {
                wrong.Add($"{info.Id}, local {local:O}: {zone.ToUtcSeconds(moment.ToUnixTimeSeconds())}, not {ExpectedUtc(info, local)}");
            }
        }

        return wrong;
    }

    // Of two offsets the larger one was first.
    private static long ExpectedUtc(TimeZoneInfo info, DateTime local)
    {
        var offset = info.IsAmbiguousTime(local) ? info.GetAmbiguousTimeOffsets(local).Max() : info.GetUtcOffset(local);
        return new DateTimeOffset(local, offset).ToUnixTimeSeconds();
    }

    private static void CheckLocal(ZoneOffsets zone, string local, string utc)
    {
        Assert.True(RecordTime.TryCreate(zone.ToUtcSeconds(TimeTexts.At(local).UnixSeconds), 0, 0, out var time));
        Assert.Equal(utc, TimeTexts.Written(time));
    }

    private void CheckRefused(byte[] file, string expected)
    {
        Write("zones/Bad/Zone", file);

        Assert.False(ZoneOffsets.TryFind("Bad/Zone", [_scratch.PathOf("zones")], out _, out var reason));
        Assert.EndsWith(expected, reason, StringComparison.Ordinal);
    }

    private ZoneOffsets Read(byte[] file)
    {
        Write("zones/Read", file);
        Assert.True(ZoneOffsets.TryFind("Read", [_scratch.PathOf("zones")], out var zone, out var reason), reason);
        return zone;
    }

    private void Write(string name, byte[] file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_scratch.PathOf(name))!);
        File.WriteAllBytes(_scratch.PathOf(name), file);
    }

    /// <summary>A file of version 2 whose first type is the offset that the footer has as standard, of the east by its own sign.</summary>
    private static byte[] TzFile(string footer, (long Moment, int Offset)[] changes, int leaps = 0)
    {
        var first = ZoneRule.TryParse(footer, out var rule) ? rule.StandardOffset : 0;
        var file = new List<byte>();
        Header(0, 0, 0);
        Header(leaps, changes.Length, changes.Length + 1);
        changes.ToList().ForEach(change => Number(change.Moment, 8));
        file.AddRange(changes.Select((_, index) => (byte)(index + 1)));
        foreach (var offset in (int[])[first, .. changes.Select(change => change.Offset)])
        {
            Number(offset, 4);
            file.AddRange([0, 0]);
        }

        file.AddRange(new byte[leaps * 12]);
        file.AddRange(Encoding.ASCII.GetBytes($"\n{footer}\n"));
        return [.. file];

        void Header(int leapCount, int changeCount, int typeCount)
        {
            file.AddRange("TZif2"u8);
            file.AddRange(new byte[15 + 8]);
            Number(leapCount, 4);
            Number(changeCount, 4);
            Number(typeCount, 4);
            Number(0, 4);
        }

        void Number(long value, int length)
        {
            var bytes = new byte[8];
            BinaryPrimitives.WriteInt64BigEndian(bytes, value);
            file.AddRange(bytes[(8 - length)..]);
        }
    }
}
