using System.Text;
using LogPilot.Agent.Files;

namespace LogPilot.Agent.Lines;

/// <summary>The lines of a file in another encoding, as UTF-8.</summary>
/// <remarks>
/// Offsets stay those of the file. In the encoding an LF must be one byte that is no part of another character, as it is in all but
/// UTF-16 and UTF-32.
/// </remarks>
internal sealed class DecodedReader(ILineReader lines, Encoding encoding) : ILineReader
{
    private static readonly string AsciiCharacters = string.Create(128, 0, (span, _) =>
    {
        for (var i = 0; i < span.Length; i++)
        {
            span[i] = (char)i;
        }
    });

    private readonly ILineReader _lines = lines;

    // Not in UTF-16, nor in encodings such as ISO-2022, where bytes of ASCII are also other characters.
    private readonly bool _hasAscii = encoding.GetString(Encoding.ASCII.GetBytes(AsciiCharacters)) == AsciiCharacters;

    public long Position => _lines.Position;

    public long ResumeFrom => _lines.ResumeFrom;

    public bool HasOpenLine => _lines.HasOpenLine;

    public bool IsContinued => _lines.IsContinued;

    public long CutBytes => _lines.CutBytes;

    public bool TryFind(ReadOnlySpan<byte> chunk, ChunkEnd end, out Line line)
    {
        if (!_lines.TryFind(chunk, end, out line))
        {
            return false;
        }

        line = line with { Text = Decode(line.Text) };
        return true;
    }

    public void Take() => _lines.Take();

    public void Seek(long position) => _lines.Seek(position);

    public void Continue(ILineReader older) => _lines.Continue(((DecodedReader)older)._lines);

    private ReadOnlySpan<byte> Decode(ReadOnlySpan<byte> text)
    {
        if (_hasAscii && Ascii.IsValid(text))
        {
            return text;
        }

        var room = Scratch.Characters.Room(encoding.GetMaxCharCount(text.Length));
        var characters = room[..encoding.GetChars(text, room)];
        var decoded = Scratch.Line.Room(Encoding.UTF8.GetMaxByteCount(characters.Length));
        return decoded[..Encoding.UTF8.GetBytes(characters, decoded)];
    }
}
