using System.Diagnostics;
using LogPilot.Load.Logs;
using LogPilot.Load.Rotations;
using LogPilot.Load.Stores;
using Microsoft.Win32.SafeHandles;

namespace LogPilot.Load.Outages;

/// <summary>A container's log that grows at one rate, whoever reads it, and whose oldest file is deleted at each rotation.</summary>
internal sealed class SteadyLog : ILog
{
    // As max-file=3 keeps them: the one that is written, and two.
    private const int RotatedFiles = 2;
    private const int TickMilliseconds = 5;

    private readonly NumberRotation _rotation;
    private readonly int _fileBytes;
    private readonly int _linesPerSecond;
    private readonly int[] _lengths = new int[NumberedLine.LengthPeriod];
    private readonly Thread _thread;
    private SafeFileHandle _file;
    private long _length;
    private long _started;
    private long _bytes;
    private volatile int _last;
    private volatile bool _isStopping;

    public SteadyLog(char letter, string path, int linesPerSecond, int fileBytes)
    {
        Letter = letter;
        _linesPerSecond = linesPerSecond;
        _fileBytes = fileBytes;
        _rotation = new NumberRotation(path);
        _file = _rotation.Create();
        _thread = new Thread(WriteAll) { IsBackground = true };
    }

    public char Letter { get; }

    public string Description => $"{_linesPerSecond} lines a second";

    public int Last => _last;

    public int Rotations { get; private set; }

    /// <summary>Bytes written so far, to all files.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    public void Start()
    {
        _started = Stopwatch.GetTimestamp();
        _thread.Start();
    }

    /// <summary>Returns when the last line is whole.</summary>
    public void Stop()
    {
        _isStopping = true;
        _thread.Join();
    }

    /// <summary>How long ago a line was due, and so written unless the machine was too busy.</summary>
    public TimeSpan AgeOf(int number) =>
        Stopwatch.GetElapsedTime(_started) - TimeSpan.FromSeconds((double)number / _linesPerSecond);

    /// <summary>How many bytes of its files some lines took, which were written.</summary>
    public long BytesOf(NumberRange range)
    {
        var bytes = 0L;
        for (var number = range.First; number <= range.Last; number++)
        {
            bytes += _lengths[number % NumberedLine.LengthPeriod];
        }

        return bytes;
    }

    public bool TryWriteNext()
    {
        if (_length >= _fileBytes)
        {
            Rotate();
        }

        var number = _last + 1;
        var bytes = JsonFile.Encode(new NumberedLine(Letter, number).Text);
        RandomAccess.Write(_file, bytes, _length);
        _length += bytes.Length;
        Interlocked.Add(ref _bytes, bytes.Length);
        _lengths[number % NumberedLine.LengthPeriod] = bytes.Length;
        _last = number;
        return true;
    }

    public void Dispose() => _file.Dispose();

    private void WriteAll()
    {
        while (!_isStopping)
        {
            while (!_isStopping && AgeOf(_last + 1) >= TimeSpan.Zero)
            {
                TryWriteNext();
            }

            Thread.Sleep(TickMilliseconds);
        }
    }

    private void Rotate()
    {
        _file = _rotation.Rotate(_file);
        _length = 0;
        Rotations++;
        if (Rotations > RotatedFiles)
        {
            _rotation.DeleteOldest();
        }
    }
}
