namespace LogPilot.Agent.Lines;

/// <summary>
/// The buffers in which lines are decoded: one for each purpose and thread, and not one for each log, of which a node may have a thousand.
/// </summary>
internal static class Scratch
{
    [ThreadStatic]
    private static ScratchBuffer<char>? _characters;

    [ThreadStatic]
    private static ScratchBuffer<byte>? _line;

    [ThreadStatic]
    private static ScratchBuffer<byte>? _time;

    [ThreadStatic]
    private static ScratchBuffer<byte>? _unescaped;

    [ThreadStatic]
    private static ScratchBuffer<byte>? _value;

    /// <summary>A text as an expression or another encoding has it.</summary>
    public static ScratchBuffer<char> Characters => _characters ??= new();

    /// <summary>A line that was in another encoding: stays while it is looked at.</summary>
    public static ScratchBuffer<byte> Line => _line ??= new();

    /// <summary>The time of a line in UTC.</summary>
    public static ScratchBuffer<byte> Time => _time ??= new();

    /// <summary>A line without its escapes.</summary>
    public static ScratchBuffer<byte> Unescaped => _unescaped ??= new();

    /// <summary>The value of one field.</summary>
    public static ScratchBuffer<byte> Value => _value ??= new();
}
