using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;
using LogPilot.Agent.Lines;

namespace LogPilot.Agent.Records.Formats;

/// <summary>Where a record is read, and what of it is copied.</summary>
/// <remarks>
/// What need not change is copied in runs as long as possible: most records are one run. At any time the output is what was
/// written, and behind it the run that ends at the position.
/// </remarks>
internal ref struct JsonCursor(ReadOnlySpan<byte> text, FieldWriter fields)
{
    private const int ControlsMax = 32;

    private readonly bool _isUtf8 = Utf8.IsValid(text);
    private int _run;

    public readonly ReadOnlySpan<byte> Text { get; } = text;

    public int Position { get; private set; }

    /// <summary>The next byte; 0, which begins nothing, at the end.</summary>
    public readonly byte Next => Position < Text.Length ? Text[Position] : (byte)0;

    public readonly ReadOnlySpan<byte> Rest => Text[Position..];

    /// <summary>How long the output is.</summary>
    public readonly int Written => fields.Length + Position - _run;

    public void Advance(int bytes) => Position += bytes;

    /// <summary>The first byte of the value behind a name that was passed; 0 if there is none.</summary>
    public readonly byte PeekValue()
    {
        var rest = Rest.TrimStart(" \t\n\r"u8);
        if (!rest.StartsWith(":"u8))
        {
            return 0;
        }

        rest = rest[1..].TrimStart(" \t\n\r"u8);
        return rest.IsEmpty ? (byte)0 : rest[0];
    }

    /// <summary>What is before a position is not copied but for what has been.</summary>
    public void BeginRun(int position) => _run = position;

    /// <summary>Writes the run up to an earlier position.</summary>
    public readonly void Flush(int end) => fields.Write(Text[_run..end]);

    /// <summary>Passes blanks, which are not copied.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SkipBlanks()
    {
        if (Next is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r')
        {
            SkipRunOfBlanks();
        }
    }

    /// <summary>Passes <c>true</c> and the like.</summary>
    public bool TrySkip(ReadOnlySpan<byte> literal)
    {
        var isThere = Rest.StartsWith(literal);
        Position += isThere ? literal.Length : 0;
        return isThere;
    }

    /// <summary>Passes a name, and says where its text is if it stands there as it is, with <c>Length</c> -1 if it does not.</summary>
    public bool TryPassName(out int start, out int length)
    {
        start = Position + 1;
        length = -1;
        if (Next != '"')
        {
            return false;
        }

        var plain = JsonString.PlainLength(Text[start..], _isUtf8);
        if (plain < 0 || Text[start + plain] != '"')
        {
            return plain >= 0 && TrySkipString();
        }

        length = plain;
        Position = start + plain + 1;
        return true;
    }

    /// <summary>Passes a string, and copies it with what has to change in it.</summary>
    public bool TryCopyString()
    {
        Position++;
        while (true)
        {
            var plain = JsonString.PlainLength(Rest, _isUtf8);
            if (plain < 0)
            {
                return false;
            }

            Position += plain;
            var special = Text[Position];
            if (special == '"')
            {
                Position++;
                return true;
            }

            if (special != '\\')
            {
                CopyByte(special);
            }
            else if (!TryCopyEscape())
            {
                return false;
            }
        }
    }

    /// <summary>Passes a string. What has to change in it does so when it is decoded.</summary>
    public bool TrySkipString()
    {
        Position++;
        while (true)
        {
            var plain = Rest.IndexOfAny((byte)'"', (byte)'\\');
            if (plain < 0)
            {
                return false;
            }

            Position += plain;
            if (Text[Position] == '"')
            {
                Position++;
                return true;
            }

            var escape = EscapedText.LengthOf(Rest, out _);
            if (escape == 0)
            {
                return false;
            }

            Position += escape;
        }
    }

    private bool TryCopyEscape()
    {
        var length = EscapedText.LengthOf(Rest, out var isHalf);
        if (isHalf)
        {
            Replace(length, "\\ufffd"u8);
            return true;
        }

        Position += length;
        return length > 0;
    }

    // A control character, or the first byte of what may be no UTF-8.
    private void CopyByte(byte special)
    {
        if (special < 0x20)
        {
            // Some at a time, for text that is full of them.
            var controls = Rest[..Math.Min(Rest.Length, ControlsMax)];
            var plain = controls.IndexOfAnyExceptInRange((byte)0, (byte)0x1f);
            controls = plain < 0 ? controls : controls[..plain];
            Span<byte> escapes = stackalloc byte[ControlsMax * JsonText.ExpansionMax];
            Replace(controls.Length, escapes[..JsonText.Write(controls, escapes)]);
        }
        else if (Rune.DecodeFromUtf8(Rest, out _, out var bytes) == OperationStatus.Done)
        {
            Position += bytes;
        }
        else
        {
            Replace(bytes, "\uFFFD"u8);
        }
    }

    private void Replace(int bytes, scoped ReadOnlySpan<byte> by)
    {
        Flush(Position);
        fields.Write(by);
        Position += bytes;
        _run = Position;
    }

    private void SkipRunOfBlanks()
    {
        Flush(Position);
        while (Next is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r')
        {
            Position++;
        }

        _run = Position;
    }
}
