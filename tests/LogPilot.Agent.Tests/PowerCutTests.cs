using LogPilot.Agent.Shipping;
using LogPilot.Agent.Tests.Support;

namespace LogPilot.Agent.Tests;

/// <summary>
/// The machine loses its power again and again while files grow and rotate: whatever the disk holds of the checkpoints then,
/// every line is stored, and once. The server keeps documents by index and id, as the real one does.
/// </summary>
public sealed class PowerCutTests : IDisposable
{
    private const int Steps = 600;
    private const int LinesOfAFile = 25;
    private const int FilesKept = 2;

    private readonly PassFixture _fixture = new() { Shipping = new ShippingOptions { BatchBytes = 2048, BatchCount = 3 } };
    private readonly Dictionary<(string Index, string Id), string> _stored = [];
    private int _written;
    private int _inFile;
    private int _rotated;
    private int _cuts;

    public void Dispose() => _fixture.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void PowerCut_StandardOutput_EveryLineOnce(int seed) => Run(seed, new StdoutLog(_fixture));

    [Theory]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void PowerCut_FilesOfPrograms_EveryLineOnce(int seed) => Run(seed, new RawLog(_fixture));

    private void Run(int seed, IGrowingLog log)
    {
        var random = new Random(seed);
        var disk = new CutDisk(random);
        log.Add();
        for (var step = 0; step < Steps; step++)
        {
            try
            {
                Step(random, disk, log);
            }
            catch (Exception failure)
            {
                Assert.Fail($"Seed {seed}, step {step}: {failure}");
            }
        }

        DeliverAll();
        AssertEachOnce(seed);
        Assert.InRange(_cuts, 40, Steps);
    }

    private void Step(Random random, CutDisk disk, IGrowingLog log)
    {
        _fixture.Time.Advance(TimeSpan.FromMilliseconds(random.Next(2000)));
        switch (random.Next(12))
        {
            case < 4:
                Grow(random, log);
                break;
            case < 6:
                _fixture.Turn();
                break;
            case < 9 when _fixture.InFlight.Count > 0:
                Store(_fixture.Answer(random.Next(_fixture.InFlight.Count), RangeOutcome.Delivered));
                break;
            case 9 when _fixture.InFlight.Count > 0:
                _fixture.Answer(random.Next(_fixture.InFlight.Count), RangeOutcome.Held);
                break;
            case 10:
                disk.Sync(_fixture.CheckpointBytes);
                break;
            case 11:
                Cut(random, disk, log);
                break;
        }

        disk.Write(_fixture.CheckpointBytes);
    }

    private void Grow(Random random, IGrowingLog log)
    {
        if (_inFile > LinesOfAFile)
        {
            log.Rotate(++_rotated);
            _inFile = 0;
            DeleteDelivered(log);
        }

        for (var lines = random.Next(1, 8); lines > 0; lines--)
        {
            log.Append(++_written);
            _inFile++;
        }
    }

    // Its slot serves the next file.
    private void DeleteDelivered(IGrowingLog log)
    {
        if (_rotated > FilesKept)
        {
            DeliverAll();
            log.Delete(_rotated - FilesKept);
        }
    }

    private void DeliverAll()
    {
        // What was held rests no longer.
        _fixture.Time.Advance(TimeSpan.FromMinutes(1));
        Store(_fixture.DeliverAll());
    }

    // What was in flight may have been stored, and its answer lost.
    private void Cut(Random random, CutDisk disk, IGrowingLog log)
    {
        foreach (var batch in _fixture.InFlight.Where(_ => random.Next(2) == 0))
        {
            Store(SentDocument.Of(batch));
        }

        var image = disk.Cut();
        disk.Sync(image);
        _fixture.PowerCut(image);
        log.Add();
        _cuts++;
    }

    private void Store(List<SentDocument> documents)
    {
        foreach (var document in documents)
        {
            _stored[(document.Index, document.Id)] = document.Message;
        }
    }

    private void AssertEachOnce(int seed)
    {
        var counts = _stored.Values.CountBy(message => message).ToDictionary();
        var missing = Enumerable.Range(1, _written).Select(TextOf).Where(text => !counts.ContainsKey(text)).ToList();
        var repeated = counts.Where(message => message.Value > 1).Select(message => message.Key).ToList();
        Assert.True(
            missing.Count == 0 && repeated.Count == 0 && counts.Count == _written,
            $"Seed {seed}, {_cuts} cuts: of {_written} lines {missing.Count} are missing ({string.Join(", ", missing.Take(5))}), "
            + $"{repeated.Count} are stored twice ({string.Join(", ", repeated.Take(5))}).");
    }

    private static string TextOf(int number) => $"12:00:00 line {number}";

    /// <summary>A log that grows and rotates.</summary>
    private interface IGrowingLog
    {
        /// <summary>Has the agent read it, from now on.</summary>
        void Add();

        void Append(int number);

        void Rotate(int times);

        void Delete(int rotated);
    }

    /// <summary>The engine's log of a container.</summary>
    private sealed class StdoutLog(PassFixture fixture) : IGrowingLog
    {
        public void Add() => fixture.AddStdout();

        // Every fifth line comes in two parts.
        public void Append(int number)
        {
            var text = TextOf(number);
            if (number % 5 == 0)
            {
                fixture.AppendEntry(text[..5], second: number % 60);
                text = text[5..];
            }

            fixture.AppendEntry(text + "\\n", second: number % 60);
        }

        public void Rotate(int times) =>
            fixture.Scratch.Move("host/logs/c1-json.log", $"host/logs/c1-json.log.{times}");

        public void Delete(int rotated) => fixture.Scratch.Delete($"host/logs/c1-json.log.{rotated}");
    }

    /// <summary>A file that a program writes, which has no time but in its text.</summary>
    private sealed class RawLog(PassFixture fixture) : IGrowingLog
    {
        public void Add() => fixture.AddRaw();

        public void Append(int number) => fixture.Scratch.Append("host/logs/app.log", TextOf(number) + "\n");

        public void Rotate(int times) => fixture.Scratch.Move("host/logs/app.log", $"host/logs/app-{times}.log");

        public void Delete(int rotated) => fixture.Scratch.Delete($"host/logs/app-{rotated}.log");
    }
}
