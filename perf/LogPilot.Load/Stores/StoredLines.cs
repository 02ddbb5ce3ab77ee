using System.Buffers.Binary;
using System.Security.Cryptography;
using LogPilot.Load.Logs;

namespace LogPilot.Load.Stores;

/// <summary>What a server has stored, as an index does it: one document an id, whatever the document says.</summary>
internal sealed class StoredLines
{
    private const int ShownAltered = 10;
    private const int ShownCharacters = 200;

    private readonly Lock _gate = new();
    private readonly HashSet<UInt128> _ids = [];
    private readonly Dictionary<char, StoredLog> _logs = [];
    private int _altered;

    /// <summary>Documents whose message is no line that was written.</summary>
    public int Altered => _altered;

    /// <summary>Stores a document; false if there is one with this id.</summary>
    /// <param name="id">Index and id together, which is what has to be unique.</param>
    /// <param name="message">The line.</param>
    public bool TryStore(ReadOnlySpan<byte> id, string message)
    {
        // A few bytes of a digest, since there are millions.
        var digest = BinaryPrimitives.ReadUInt128LittleEndian(SHA256.HashData(id));
        lock (_gate)
        {
            if (!_ids.Add(digest))
            {
                return false;
            }

            if (NumberedLine.TryParse(message, out var line))
            {
                LogOf(line.Log).Add(line.Number);
            }
            else if (++_altered <= ShownAltered)
            {
                Console.Error.WriteLine(
                    $"load: stored, but nobody wrote it: {message[..Math.Min(message.Length, ShownCharacters)]}");
            }

            return true;
        }
    }

    /// <summary>How many different lines of a log are stored.</summary>
    public int CountOf(char log) => Read(log, stored => stored.Numbers.Count);

    /// <summary>The number up to which every line of a log is stored.</summary>
    public int Through(char log) => Read(log, stored => stored.Numbers.Through);

    /// <summary>The lines of a log that are stored more than once.</summary>
    public IReadOnlyList<int> DuplicatesOf(char log) => Read(log, stored => stored.Duplicates.Order().ToList());

    public int ReorderedOf(char log) => Read(log, stored => stored.Reordered);

    /// <summary>The highest number of a line of a log that is stored.</summary>
    public int NewestOf(char log) => Read(log, stored => stored.Newest);

    /// <summary>By how many places, at most, a line of a log came later than in the order in which they were written.</summary>
    public int ReorderedBy(char log) => Read(log, stored => stored.ReorderedBy);

    /// <summary>The lines of a log, up to a number, that are not stored.</summary>
    public IReadOnlyList<NumberRange> MissingOf(char log, int last) =>
        Read(log, stored => stored.Numbers.Missing(last));

    private T Read<T>(char log, Func<StoredLog, T> read)
    {
        lock (_gate)
        {
            return read(LogOf(log));
        }
    }

    private StoredLog LogOf(char log)
    {
        if (!_logs.TryGetValue(log, out var known))
        {
            _logs[log] = known = new StoredLog();
        }

        return known;
    }
}
