using LogPilot.Load.Rotations;
using LogPilot.Load.Stores;
using Microsoft.Win32.SafeHandles;

namespace LogPilot.Load.Logs;

/// <summary>A log file that is written here and rotated when it is full.</summary>
internal sealed class RotatedLog : ILog
{
    private const int KeptFiles = 5;

    // A server that is away for long must not fill the disk.
    private const int WaitingLinesMax = 20_000;
    private const double TornShare = 0.02;
    private const int TornMillisecondsMax = 5;

    private readonly IRotation _rotation;
    private readonly Func<string, byte[]> _encode;
    private readonly int _fileBytes;
    private readonly IStore _store;
    private readonly Random _random;

    // The last lines of the files that were rotated away, oldest first.
    private readonly Queue<int> _rotated = [];
    private SafeFileHandle _file;
    private long _length;
    private volatile int _last;

    /// <param name="letter">The letter of its lines.</param>
    /// <param name="description">What sets it apart from other logs.</param>
    /// <param name="rotation">Creates its files and puts them away.</param>
    /// <param name="encode">A line's text as bytes of the file.</param>
    /// <param name="fileBytes">A file of this length is full.</param>
    /// <param name="store">Says what need not be kept any more.</param>
    /// <param name="seed">Says which writes are torn.</param>
    public RotatedLog(
        char letter,
        string description,
        IRotation rotation,
        Func<string, byte[]> encode,
        int fileBytes,
        IStore store,
        int seed)
    {
        Letter = letter;
        Description = description;
        _rotation = rotation;
        _encode = encode;
        _fileBytes = fileBytes;
        _store = store;
        _random = new Random(seed);
        _file = rotation.Create();
    }

    public char Letter { get; }

    public string Description { get; }

    public int Last => _last;

    public int Rotations { get; private set; }

    public bool TryWriteNext()
    {
        if (_last - _store.CountOf(Letter) >= WaitingLinesMax)
        {
            return false;
        }

        if (_length >= _fileBytes)
        {
            // What is deleted while the agent is down is lost to any agent.
            if (_rotation.Deletes && _store.Through(Letter) < _last)
            {
                return false;
            }

            Rotate();
        }

        var bytes = _encode(new NumberedLine(Letter, _last + 1).Text);
        if (_random.NextDouble() < TornShare)
        {
            // A reader that comes now sees half a line.
            var half = _random.Next(1, bytes.Length);
            Append(bytes.AsSpan(0, half));
            Thread.Sleep(_random.Next(TornMillisecondsMax));
            Append(bytes.AsSpan(half));
        }
        else
        {
            Append(bytes);
        }

        _last++;
        return true;
    }

    public void Dispose() => _file.Dispose();

    private void Append(ReadOnlySpan<byte> bytes)
    {
        RandomAccess.Write(_file, bytes, _length);
        _length += bytes.Length;
    }

    private void Rotate()
    {
        _file = _rotation.Rotate(_file);
        _length = 0;
        Rotations++;
        if (_rotation.Deletes)
        {
            return;
        }

        _rotated.Enqueue(_last);
        while (_rotated.Count > KeptFiles && _rotated.Peek() <= _store.Through(Letter))
        {
            _rotation.DeleteOldest();
            _rotated.Dequeue();
        }
    }
}
