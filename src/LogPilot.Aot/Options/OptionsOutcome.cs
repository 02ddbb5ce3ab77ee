using System.Diagnostics.CodeAnalysis;
using LogPilot.Agent;

namespace LogPilot.Aot.Options;

/// <summary>What came of reading the configuration.</summary>
/// <param name="Options">The configuration; null if there is an error.</param>
/// <param name="Errors">Everything that is wrong, each text beginning with the variable's name.</param>
/// <param name="Warnings">What works and is probably not meant.</param>
/// <param name="Notices">What was accepted and has no effect.</param>
internal sealed record OptionsOutcome(
    AgentOptions? Options,
    IReadOnlyList<string> Errors,
    IReadOnlyList<string> Warnings,
    IReadOnlyList<string> Notices)
{
    [MemberNotNullWhen(true, nameof(Options))]
    public bool IsValid => Options is not null;
}
