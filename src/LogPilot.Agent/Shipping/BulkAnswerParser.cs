using System.Text.Json;

namespace LogPilot.Agent.Shipping;

/// <summary>Reads a bulk answer piece by piece and hands each item's answer to <see cref="BulkVerdicts"/>.</summary>
/// <remarks>
/// <code>
/// {"errors":true,"items":[{"create":{"status":400,"error":{"type":"…","reason":"…","caused_by":{"reason":"…"}}}},…]}
/// 1               1       2 3        4            4       5                   5            6      depth of the name
/// </code>
/// The order of members inside an item differs between versions, so an item is judged at its end.
/// </remarks>
internal sealed class BulkAnswerParser(BulkVerdicts verdicts)
{
    private readonly Scratch _type = new(128);
    private readonly Scratch _reason = new(1024);
    private readonly Scratch _cause = new(1024);
    private JsonReaderState _state = new(new JsonReaderOptions { MaxDepth = 256 });
    private bool _inItems;
    private bool _inError;
    private bool _inCause;
    private bool _isStatus;
    private int _status;

    // Where the text that comes next belongs, if anywhere.
    private Scratch? _target;

    /// <summary>Whether the answer's closing brace was seen.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Takes what it can of the bytes and returns how many. Throws <see cref="JsonException"/> for what is no JSON.</summary>
    public int Read(ReadOnlySpan<byte> bytes, bool isFinal)
    {
        var reader = new Utf8JsonReader(bytes, isFinal, _state);
        while (!IsComplete && reader.Read())
        {
            Take(ref reader);
        }

        _state = reader.CurrentState;
        return (int)reader.BytesConsumed;
    }

    private void Take(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.PropertyName:
                Enter(ref reader);
                break;
            case JsonTokenType.EndObject when reader.CurrentDepth == 0:
                IsComplete = true;
                break;
            case JsonTokenType.EndObject when reader.CurrentDepth == 3 && _inItems:
                verdicts.Add(_status, _type.Span, _reason.Span, _cause.Span);
                break;
            case JsonTokenType.StartObject when reader.CurrentDepth == 3:
                _status = 0;
                _type.Clear();
                _reason.Clear();
                _cause.Clear();
                break;
            case JsonTokenType.Number when reader.CurrentDepth == 4 && _isStatus:
                _status = reader.TryGetInt32(out var status) ? status : 0;
                break;
            case JsonTokenType.String when _inError:
                _target?.Take(ref reader);
                break;
        }
    }

    private void Enter(ref Utf8JsonReader reader)
    {
        _target = null;
        switch (reader.CurrentDepth)
        {
            case 1:
                _inItems = reader.ValueTextEquals("items"u8);
                break;
            case 4:
                _isStatus = reader.ValueTextEquals("status"u8);
                _inError = _inItems && reader.ValueTextEquals("error"u8);
                _inCause = false;

                // Some proxies and very old servers give the error as a text.
                _target = _inError ? _reason : null;
                break;
            case 5 when _inError:
                _inCause = reader.ValueTextEquals("caused_by"u8);
                _target = reader.ValueTextEquals("type"u8) ? _type : reader.ValueTextEquals("reason"u8) ? _reason : null;
                break;
            case 6 when _inError && _inCause:
                _target = reader.ValueTextEquals("reason"u8) ? _cause : null;
                break;
        }
    }

    /// <summary>A text of the answer, cut to a size that is kept.</summary>
    private sealed class Scratch(int size)
    {
        private readonly byte[] _bytes = new byte[size];
        private int _length;

        public ReadOnlySpan<byte> Span => _bytes.AsSpan(0, _length);

        public void Clear() => _length = 0;

        public void Take(ref Utf8JsonReader reader)
        {
            try
            {
                if (reader.ValueSpan.Length <= _bytes.Length)
                {
                    _length = reader.CopyString(_bytes);
                    return;
                }
            }
            catch (InvalidOperationException)
            {
                // Half of a surrogate pair, or no UTF-8: a reason may quote the document, and its verdict counts all the same.
            }

            // As it stands, escapes and all, and of what is too long the beginning, since it is only for people to read.
            _length = Math.Min(reader.ValueSpan.Length, _bytes.Length);
            reader.ValueSpan[.._length].CopyTo(_bytes);
        }
    }
}
