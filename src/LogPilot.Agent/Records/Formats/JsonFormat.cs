using System.Text;

namespace LogPilot.Agent.Records.Formats;

/// <summary>Records that are JSON objects: their keys become fields of the root.</summary>
/// <remarks>
/// <para>
/// Strictly RFC 8259 (https://www.rfc-editor.org/rfc/rfc8259), with three exceptions that loggers need: control characters in strings
/// are escaped, bytes that are no UTF-8 become U+FFFD, and a byte order mark before the object is skipped. Half of a surrogate pair,
/// <c>\ud800</c>, becomes <c>\ufffd</c>. Everything else is copied as it is, without the blanks between tokens.
/// </para>
/// <para>
/// Elasticsearch refuses an object with a name twice: the last one stays, as in JavaScript and Go. A name that has to become another
/// one gets further underscores while a field before it has that name, and so does a field that comes after it and has the name by
/// itself: <c>{"offset":1,"offset_":2}</c> becomes <c>"offset_":1,"offset__":2</c>.
/// </para>
/// <para>
/// The agent leaves some of its fields to a record that brings them: <see cref="FieldWriter.GivenDefaults"/>. Where it has members in an
/// object that the record may have too, a value of another kind gets another name, since the index would refuse it.
/// </para>
/// <para>
/// The field of the time stays among the others. Only <c>@timestamp</c> itself does not: the document's own <c>@timestamp</c> holds it.
/// </para>
/// </remarks>
/// <param name="timeKey">
/// The field that holds the record's time, as a text or a number; <c>a.b</c> is the member <c>b</c> of <c>a</c> where no field of
/// the root is called <c>a.b</c>. Null if none does.
/// </param>
/// <param name="names">What fields may be called.</param>
internal sealed class JsonFormat(string? timeKey, FieldNames names) : IRecordFormat
{
    private readonly byte[] _timePath = Encoding.UTF8.GetBytes(timeKey ?? "");

    /// <inheritdoc/>
    public bool TryParse(ReadOnlySpan<byte> text, FieldWriter fields)
    {
        var pass = new JsonPass(text, fields, names, _timePath);
        return pass.Run();
    }
}
