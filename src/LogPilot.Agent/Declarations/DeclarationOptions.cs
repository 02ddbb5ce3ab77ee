namespace LogPilot.Agent.Declarations;

/// <summary>How declarations are read.</summary>
internal sealed record DeclarationOptions
{
    /// <summary>The prefixes of labels and env, <c>PILOT_LOG_PREFIX</c>; log-pilot's default.</summary>
    public IReadOnlyList<string> Prefixes { get; init; } = ["aliyun"];

    /// <summary>One bad log rejects all logs of its container, as in log-pilot; <c>LOGPILOT_STRICT_DECLARATIONS</c>.</summary>
    public bool Strict { get; init; }

    /// <summary>
    /// Collect the standard output of containers that declare nothing into this index; null to collect what is declared only.
    /// <c>LOGPILOT_COLLECT=all-stdout</c> with <c>LOGPILOT_DEFAULT_INDEX</c>.
    /// </summary>
    public string? DefaultIndex { get; init; }

    /// <summary>Says why a <c>time_format</c> cannot be used; null for one that can.</summary>
    public Func<string, string?> ErrorOfTimeFormat { get; init; } = _ => null;
}
