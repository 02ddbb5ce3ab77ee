using System.Text;

namespace LogPilot.Load.Logs;

/// <summary>Lines that go through a named pipe to a program, which writes them to its log.</summary>
/// <param name="letter">The letter of its lines.</param>
/// <param name="description">What sets it apart from other logs.</param>
/// <param name="pipe">The end to write to, without a buffer; owned.</param>
/// <param name="hasRoom">Whether the engine keeps all that is not stored yet if one more line is written.</param>
/// <param name="rotations">How often the engine has rotated the log.</param>
internal sealed class PipedLog(
    char letter, string description, FileStream pipe, Func<bool> hasRoom, Func<int> rotations) : ILog
{
    private volatile int _last;

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

        pipe.Write(Encoding.UTF8.GetBytes(new NumberedLine(letter, _last + 1).Text + "\n"));
        _last++;
        return true;
    }

    /// <summary>The program comes to the end of its input.</summary>
    public void Dispose() => pipe.Dispose();
}
