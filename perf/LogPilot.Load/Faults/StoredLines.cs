namespace LogPilot.Load.Faults;

/// <summary>What the server has stored, as an index does it: one document an id, whatever the document says.</summary>
internal sealed class StoredLines
{
    private readonly Lock _gate = new();
    private readonly HashSet<UInt128> _ids = [];
    private readonly Dictionary<char, Log> _logs = [];
    private long _duplicates;
    private long _altered;

    /// <summary>Documents whose line was stored already under another id.</summary>
    public long Duplicates => Interlocked.Read(ref _duplicates);

    /// <summary>Documents whose message is no line that was written.</summary>
    public long Altered => Interlocked.Read(ref _altered);

    /// <summary>Stores a document; false if there is one with this id.</summary>
    public bool TryStore(UInt128 id, string message)
    {
        lock (_gate)
        {
            if (!_ids.Add(id))
            {
                return false;
            }

            if (!NumberedLine.TryParse(message, out var line))
            {
                _altered++;
                Console.Error.WriteLine($"load: stored, but nobody wrote it: {message[..Math.Min(message.Length, 200)]}");
            }
            else if (!LogOf(line.Log).TryAdd(line.Number))
            {
                _duplicates++;
            }

            return true;
        }
    }

    /// <summary>How many different lines of a log are stored.</summary>
    public int CountOf(char log)
    {
        lock (_gate)
        {
            return LogOf(log).Count;
        }
    }

    /// <summary>The number up to which every line of a log is stored.</summary>
    public int Through(char log)
    {
        lock (_gate)
        {
            return LogOf(log).Through;
        }
    }

    /// <summary>The lines of a log, up to a number, that are not stored.</summary>
    public IReadOnlyList<int> MissingOf(char log, int last)
    {
        lock (_gate)
        {
            var known = LogOf(log);
            return [.. Enumerable.Range(1, last).Where(number => !known.Has(number))];
        }
    }

    private Log LogOf(char log)
    {
        if (!_logs.TryGetValue(log, out var known))
        {
            _logs[log] = known = new Log();
        }

        return known;
    }

    /// <summary>Which numbers of one log are there.</summary>
    private sealed class Log
    {
        private readonly List<bool> _has = [true];

        public int Count { get; private set; }

        public int Through { get; private set; }

        public bool Has(int number) => number < _has.Count && _has[number];

        public bool TryAdd(int number)
        {
            while (_has.Count <= number)
            {
                _has.Add(false);
            }

            if (_has[number])
            {
                return false;
            }

            _has[number] = true;
            Count++;
            while (Has(Through + 1))
            {
                Through++;
            }

            return true;
        }
    }
}
