using Microsoft.Win32.SafeHandles;

namespace LogPilot.Load.Faults;

/// <summary>A log file that is renamed away when it is full: NAME to NAME.1, NAME.1 to NAME.2 and so on.</summary>
/// <param name="path">The current file.</param>
/// <param name="log">The letter of its lines.</param>
/// <param name="encode">A line's text as bytes of the file.</param>
/// <param name="stored">What need not be kept any more.</param>
/// <param name="random">Says which writes are torn.</param>
internal sealed class RotatedLog(string path, char log, Func<string, byte[]> encode, StoredLines stored, Random random) : IDisposable
{
    private const int FileBytes = 300_000;
    private const int KeptFiles = 5;
    private const double TornShare = 0.02;

    // The last line of NAME.1, NAME.2 and so on.
    private readonly List<int> _rotated = [];
    private SafeFileHandle _file = Open(path);
    private long _length;
    private volatile int _last;

    public char Log => log;

    /// <summary>The number of the last line.</summary>
    public int Last => _last;

    public int Rotations { get; private set; }

    public void WriteNext()
    {
        if (_length >= FileBytes)
        {
            Rotate();
        }

        var bytes = encode(new NumberedLine(log, _last + 1).Text);
        if (random.NextDouble() < TornShare)
        {
            // A reader that comes now sees half a line.
            var half = random.Next(1, bytes.Length);
            Append(bytes.AsSpan(0, half));
            Thread.Sleep(random.Next(5));
            Append(bytes.AsSpan(half));
        }
        else
        {
            Append(bytes);
        }

        _last++;
    }

    public void Dispose() => _file.Dispose();

    private static SafeFileHandle Open(string path) =>
        File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);

    private void Append(ReadOnlySpan<byte> bytes)
    {
        RandomAccess.Write(_file, bytes, _length);
        _length += bytes.Length;
    }

    private void Rotate()
    {
        _file.Dispose();
        for (var number = _rotated.Count; number >= 1; number--)
        {
            File.Move($"{path}.{number}", $"{path}.{number + 1}");
        }

        File.Move(path, path + ".1");
        _rotated.Insert(0, _last);

        // What is deleted while the agent is down is lost to any agent, so only what is stored is deleted.
        while (_rotated.Count > KeptFiles && _rotated[^1] <= stored.Through(log))
        {
            File.Delete($"{path}.{_rotated.Count}");
            _rotated.RemoveAt(_rotated.Count - 1);
        }

        _file = Open(path);
        _length = 0;
        Rotations++;
    }
}
