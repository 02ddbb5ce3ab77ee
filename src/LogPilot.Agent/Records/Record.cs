namespace LogPilot.Agent.Records;

/// <summary>What a line says, beside its text. It is gone when the next line is read.</summary>
internal readonly ref struct Record
{
    /// <summary>The field <c>@timestamp</c>, <c>yyyy-MM-ddTHH:mm:ss[.fffffffff]Z</c>.</summary>
    public ReadOnlySpan<byte> Time { get; init; }

    /// <summary>Its fields as members of a JSON object, without a comma around them; empty if the text is the field <c>message</c>.</summary>
    public ReadOnlySpan<byte> Members { get; init; }

    /// <summary>
    /// The fields that the agent leaves out because the members have them: bits of <see cref="FieldPlaces.DefaultOf"/>.
    /// </summary>
    public int GivenDefaults { get; init; }

    /// <summary>What it was not: the name of the format that did not match; empty if it did.</summary>
    public ReadOnlySpan<byte> ParseError { get; init; }
}
