namespace LogPilot.Agent.Declarations;

/// <summary>Why one log was rejected, and what its owner can do about it.</summary>
/// <param name="Log">The name of the log, fit to be printed.</param>
/// <param name="Text">What is wrong, in log-pilot's words where log-pilot has the error too.</param>
/// <param name="Fix">What to change, for the one who reads <c>logpilot check</c>.</param>
internal sealed record DeclarationError(string Log, string Text, string Fix);
