namespace LogPilot.Agent.Declarations;

/// <summary>Everything that was understood of one owner's labels and env, and everything that was not.</summary>
/// <param name="Logs">The valid declarations, ordered by name.</param>
/// <param name="Errors">One for each rejected log.</param>
/// <param name="Notices">What was understood differently from log-pilot, changed or ignored: said once, nothing is rejected.</param>
internal sealed record DeclarationSet(
    IReadOnlyList<LogDeclaration> Logs,
    IReadOnlyList<DeclarationError> Errors,
    IReadOnlyList<string> Notices)
{
    /// <summary>Neither label nor env has a key of the prefix.</summary>
    public bool IsEmpty => Logs.Count == 0 && Errors.Count == 0 && Notices.Count == 0;
}
