namespace LogPilot.Load.Servers;

/// <summary>What a bulk answer says about one item.</summary>
/// <param name="Status">The HTTP status it would have alone.</param>
/// <param name="Type">The kind of error; empty without one.</param>
/// <param name="Reason">Words without quotation marks.</param>
internal sealed record ItemAnswer(int Status, string Type = "", string Reason = "")
{
    public static ItemAnswer Created { get; } = new(201);

    public static ItemAnswer Conflict { get; } =
        new(409, "version_conflict_engine_exception", "document already exists");

    public bool IsError => Type.Length > 0;

    public override string ToString() => IsError
        ? $$$$"""{"create":{"status":{{{{Status}}}},"error":{"type":"{{{{Type}}}}","reason":"{{{{Reason}}}}"}}}"""
        : $$$"""{"create":{"status":{{{Status}}}}}""";
}
