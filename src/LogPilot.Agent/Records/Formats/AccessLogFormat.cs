namespace LogPilot.Agent.Records.Formats;

/// <summary>The formats <c>nginx</c> and <c>apache2</c>: one syntax, and two ways to make values of it.</summary>
/// <remarks>
/// As in fluentd, all values of nginx are texts as they were written, also a dash, and what is absent is left out. Those of
/// Apache are typed: code and size are numbers, a dash is null where it stands for nothing, and what is absent is null.
/// A code of 0 is null, and so is a code or a size that is no number, of which fluentd makes 0.
/// </remarks>
internal sealed class AccessLogFormat : IRecordFormat
{
    // The most digits of which each number fits into a long, which the fields of such numbers are.
    private const int DigitsMax = 18;

    private readonly Names _names;
    private readonly bool _isNginx;
    private readonly bool _isTyped;
    private readonly bool _writesNull;

    private AccessLogFormat(AccessLogNames names, bool isNginx)
    {
        _names = new Names(names);
        _isNginx = isNginx;
        _isTyped = !isNginx || names.IsStrict;
        _writesNull = !isNginx && !names.IsStrict;
    }

    public static AccessLogFormat Nginx(AccessLogNames? names = null) => new(names ?? AccessLogNames.Nginx, isNginx: true);

    public static AccessLogFormat Apache2(AccessLogNames? names = null) => new(names ?? AccessLogNames.Apache2, isNginx: false);

    public bool TryParse(ReadOnlySpan<byte> text, FieldWriter fields)
    {
        if (!AccessLogLine.TryParse(text, _isNginx, out var line))
        {
            return false;
        }

        AddIf(line.HasVhost, fields, _names.Vhost, line.Vhost);
        AddUnlessDash(fields, _names.Client, line.Client);
        if (_isNginx && _names.Second.Length > 0)
        {
            AddUnlessDash(fields, _names.Second, line.Second);
        }

        AddUnlessDash(fields, _names.User, line.User);
        fields.AddText(_names.Time, line.Time);
        fields.SetTime(line.Time);
        AddOrNull(line.HasMethod, fields, _names.Method, line.Method);
        AddOrNull(line.HasPath, fields, _names.Path, line.Path);
        AddNumber(fields, _names.Code, line.Code, isCode: true);
        AddNumber(fields, _names.Size, line.Size, isCode: false);
        AddOrNull(line.HasAgent && !IsNothing(line.Referer), fields, _names.Referer, line.Referer);
        AddOrNull(line.HasAgent && !IsNothing(line.Agent), fields, _names.Agent, line.Agent);
        AddIf(line.HasForwardedFor && _names.ForwardedFor.Length > 0, fields, _names.ForwardedFor, line.ForwardedFor);
        AddIf(!line.Extra.IsEmpty, fields, _names.Extra, line.Extra);
        return true;
    }

    private bool IsNothing(ReadOnlySpan<byte> value) => _isTyped && value.SequenceEqual("-"u8);

    private void AddUnlessDash(FieldWriter fields, byte[] name, ReadOnlySpan<byte> value) =>
        AddOrNull(!IsNothing(value), fields, name, value);

    private void AddNumber(FieldWriter fields, byte[] name, ReadOnlySpan<byte> value, bool isCode)
    {
        if (!_isTyped)
        {
            fields.AddText(name, value);
            return;
        }

        if (!TryReadNumber(value, out var digits) || (isCode && digits.SequenceEqual("0"u8)))
        {
            AddOrNull(false, fields, name, default);
            return;
        }

        fields.AddRaw(name, digits);
    }

    private void AddOrNull(bool isThere, FieldWriter fields, byte[] name, ReadOnlySpan<byte> value)
    {
        AddIf(isThere, fields, name, value);
        if (!isThere && _writesNull)
        {
            fields.AddRaw(name, "null"u8);
        }
    }

    private static void AddIf(bool isThere, FieldWriter fields, byte[] name, ReadOnlySpan<byte> value)
    {
        if (isThere)
        {
            fields.AddText(name, value);
        }
    }

    // JSON has no zeros in front of a number.
    private static bool TryReadNumber(ReadOnlySpan<byte> value, out ReadOnlySpan<byte> digits)
    {
        digits = value.TrimStart((byte)'0');
        if (digits.IsEmpty && !value.IsEmpty)
        {
            digits = "0"u8;
        }

        return digits.Length is > 0 and <= DigitsMax && !digits.ContainsAnyExceptInRange((byte)'0', (byte)'9');
    }

    /// <summary>The names as the fields take them; empty ones belong to fields that are left out.</summary>
    private sealed class Names(AccessLogNames names)
    {
        public byte[] Vhost { get; } = FieldWriter.Encode(names.Vhost);

        public byte[] Client { get; } = FieldWriter.Encode(names.Client);

        public byte[] Second { get; } = names.Second is null ? [] : FieldWriter.Encode(names.Second);

        public byte[] User { get; } = FieldWriter.Encode(names.User);

        public byte[] Time { get; } = FieldWriter.Encode(names.Time);

        public byte[] Method { get; } = FieldWriter.Encode(names.Method);

        public byte[] Path { get; } = FieldWriter.Encode(names.Path);

        public byte[] Code { get; } = FieldWriter.Encode(names.Code);

        public byte[] Size { get; } = FieldWriter.Encode(names.Size);

        public byte[] Referer { get; } = FieldWriter.Encode(names.Referer);

        public byte[] Agent { get; } = FieldWriter.Encode(names.Agent);

        public byte[] ForwardedFor { get; } = names.ForwardedFor is null ? [] : FieldWriter.Encode(names.ForwardedFor);

        public byte[] Extra { get; } = FieldWriter.Encode(names.Extra);
    }
}
