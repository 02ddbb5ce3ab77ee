using System.Globalization;
using LogPilot.Agent.Declarations;
using LogPilot.Agent.Files;
using LogPilot.Agent.Shipping;
using LogPilot.Agent.Tests.Support;

namespace LogPilot.Agent.Tests;

/// <summary>
/// Random lives of a container whose records have several lines: whatever happens, each line is in exactly one stored document, behind
/// the line of its stream that it was written behind. <c>LOGPILOT_SEQUENCES</c> says how many lives.
/// </summary>
public sealed class MultilineSequenceTests
{
    private const int Actions = 40;
    private const string Log = "host/logs/c1-json.log";

    private static readonly int Seeds = int.Parse(Environment.GetEnvironmentVariable("LOGPILOT_SEQUENCES") ?? "200", CultureInfo.InvariantCulture);

    [Fact]
    public void Read_RandomLives_EachLineIsInOneDocument()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            using var life = new Life(seed);
            life.Run();
        }
    }

    private sealed class Life(int seed) : IDisposable
    {
        private readonly Random _random = new(seed);
        private readonly PassFixture _agent = new() { Scratch = ScratchDirectory.InMemory() };
        private readonly Dictionary<string, string> _stored = [];
        private readonly List<string> _written = [];
        private readonly List<string> _actions = [];
        private int _rotations;
        private FileSource _source = null!;

        public void Dispose() => _agent.Dispose();

        public void Run()
        {
            Start();
            for (var i = 0; i < Actions; i++)
            {
                Act(_random.Next(12));
            }

            _agent.Tailer.End(_source);
            for (var i = 0; i < 12; i++)
            {
                Store(_agent.DeliverAll());
                _agent.Time.Advance(TimeSpan.FromSeconds(5));
            }

            Check();
        }

        private void Start() => _source = _agent.AddStdout(multiline: new MultilineRule("^ "));

        private void Act(int action)
        {
            _actions.Add(action.ToString(CultureInfo.InvariantCulture));
            switch (action)
            {
                case < 5:
                    Write();
                    break;
                case < 7:
                    _agent.Turn();
                    break;
                case 7:
                    _agent.Time.Advance(TimeSpan.FromSeconds(_random.Next(1, 7)));
                    break;
                case 8:
                    Store(_agent.DeliverAll());
                    break;
                case 9 when _agent.InFlight.Count > 0:
                    AnswerOne();
                    break;
                case 10 when File.Exists(_agent.Scratch.PathOf(Log)):
                    Rotate();
                    break;
                case 11:
                    Crash();
                    break;
            }
        }

        // A line of a part may be cut in parts, too.
        private void Write()
        {
            var stream = _random.Next(2) == 0 ? "stdout" : "stderr";
            var indent = _random.Next(3) == 0 ? "" : " ";
            var line = $"{indent}{stream[3]}{_written.Count:d3}";
            _written.Add(line);
            _actions.Add(line);
            if (_random.Next(4) == 0)
            {
                _agent.AppendEntry(line[..2], stream, _written.Count % 60);
                _agent.AppendEntry(line[2..] + "\\n", stream, _written.Count % 60);
            }
            else
            {
                _agent.AppendEntry(line + "\\n", stream, _written.Count % 60);
            }
        }

        private void AnswerOne()
        {
            var batch = _agent.InFlight[0];
            var sent = SentDocument.Of(batch);
            var outcome = _random.Next(3) == 0 ? RangeOutcome.Held : RangeOutcome.Delivered;
            if (outcome == RangeOutcome.Delivered || _random.Next(2) == 0)
            {
                Store(sent);
            }

            _agent.Answer(0, outcome);
        }

        private void Rotate()
        {
            for (var age = _rotations; age > 0; age--)
            {
                _agent.Scratch.Move($"{Log}.{age}", $"{Log}.{age + 1}");
            }

            _agent.Scratch.Move(Log, Log + ".1");
            _rotations++;
        }

        // What was on its way may have arrived.
        private void Crash()
        {
            foreach (var batch in _agent.InFlight)
            {
                if (_random.Next(2) == 0)
                {
                    Store(SentDocument.Of(batch));
                }
            }

            _agent.Crash();
            Start();
        }

        private void Store(IEnumerable<SentDocument> documents)
        {
            foreach (var document in documents)
            {
                if (!_stored.TryAdd(document.Id, document.Message))
                {
                    Assert.True(_stored[document.Id] == document.Message, $"{What} {document.Id} is {_stored[document.Id]} and {document.Message}.");
                }
            }
        }

        private void Check()
        {
            var lines = _stored.Values.SelectMany(message => message.Split('\n')).Order(StringComparer.Ordinal).ToList();
            Assert.True(
                _written.Order(StringComparer.Ordinal).SequenceEqual(lines),
                $"{What} missing: {string.Join(", ", _written.Except(lines))}; twice: {string.Join(", ", lines.GroupBy(line => line).Where(one => one.Count() > 1).Select(one => one.Key))}.");
            foreach (var message in _stored.Values)
            {
                var record = message.Split('\n');
                var ofStream = _written.Where(line => line.TrimStart()[0] == record[0].TrimStart()[0]).ToList();
                Assert.True(
                    ofStream.Skip(ofStream.IndexOf(record[0])).Take(record.Length).SequenceEqual(record), $"{What} {string.Join('|', record)} was not written so.");
            }
        }

        private string What => $"Seed {seed}, actions {string.Join(' ', _actions)}; stored {string.Join(" / ", _stored.Values.Select(one => one.Replace('\n', '|')))}:";
    }
}
