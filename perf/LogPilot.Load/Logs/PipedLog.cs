using System.Text;

namespace LogPilot.Load.Logs;

/// <summary>Lines that go through a named pipe to a program, which writes them to its log.</summary>
/// <param name="letter">The letter of its lines.</param>
/// <param name="description">What sets it apart from other logs.</param>
/// <param name="pipe">The end to write to, without a buffer; owned.</param>
/// <param name="hasRoom">Whether the engine keeps all that is not stored yet if one more line is written.</param>
/// <param name="rotations">How often the engine has rotated the log.</param>
/// <param name="tears">Whether each write ends in the middle of a line, as those of a program do whose buffer is full.</param>
internal sealed class PipedLog(
    char letter, string description, FileStream pipe, Func<bool> hasRoom, Func<int> rotations, bool tears = false) : ILog
{
    // A prime, so that lines are torn everywhere.
    private const int TearStep = 7919;

    private volatile int _last;

    // What is written of the line behind the last one.
    private int _started;

    public char Letter => letter;

    public string Description => description;

    public int Last => _last;

    public int Rotations => rotations();

    public bool TryWriteNext()
    {
        if (!hasRoom())
        {
            return false;
        }

        var line = Encode(_last + 1);
        var next = Encode(_last + 2);
        var started = tears ? (int)((long)_last * TearStep % next.Length) : 0;
        pipe.Write([.. line.AsSpan(_started), .. next.AsSpan(0, started)]);
        _started = started;
        _last++;
        return true;
    }

    /// <summary>The line that was started is written to its end, and the program comes to the end of its input.</summary>
    public void Dispose()
    {
        if (_started > 0)
        {
            pipe.Write(Encode(_last + 1).AsSpan(_started));
            _started = 0;
            _last++;
        }

        pipe.Dispose();
    }

    private byte[] Encode(int number) => Encoding.UTF8.GetBytes(new NumberedLine(letter, number).Text + "\n");
}
