namespace LogPilot.Agent.Records.Formats;

/// <summary>A format: turns the text of one record into fields, without allocating.</summary>
internal interface IRecordFormat
{
    /// <param name="text">The record as its program wrote it, without its end of line: any bytes.</param>
    /// <param name="fields">Empty; takes the fields in the order in which they are found.</param>
    /// <returns>False if the text is not of this format: what stands in <paramref name="fields"/> then is of no use.</returns>
    bool TryParse(ReadOnlySpan<byte> text, FieldWriter fields);
}
