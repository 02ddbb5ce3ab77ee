namespace LogPilot.Load.Processes;

/// <summary>A run that did not come to its end: lines are missing, the agent has ended, or something it needs does not exist.</summary>
internal sealed class LoadException(string message) : Exception(message);
