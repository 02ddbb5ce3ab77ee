namespace LogPilot.Agent.Declarations;

/// <summary>The name that a field of a parsed record gets in a document, where a declaration has named it.</summary>
internal static class ParsedFieldName
{
    // It is the agent's, but a format may fill it.
    private const string Message = "message";

    /// <summary>
    /// The name itself, unless it is reserved: then its first part gets an underscore, since that part is what the agent's
    /// field is called. <c>offset</c> becomes <c>offset_</c>, <c>log.level</c> becomes <c>log_.level</c>.
    /// </summary>
    public static string Of(string declared)
    {
        if (declared == Message || !ReservedFields.Has(declared))
        {
            return declared;
        }

        var end = declared.IndexOf('.');
        return end < 0 ? declared + "_" : declared.Insert(end, "_");
    }
}
