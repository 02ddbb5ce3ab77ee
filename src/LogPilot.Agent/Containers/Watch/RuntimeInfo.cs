namespace LogPilot.Agent.Containers.Watch;

/// <summary>What is known of a runtime once it has answered.</summary>
/// <param name="Name">Its name and own version, for people.</param>
/// <param name="ApiVersion">The version of the API that is spoken with it.</param>
/// <param name="Notice">What its operator should know, with the fix; null if there is nothing.</param>
internal sealed record RuntimeInfo(string Name, string ApiVersion, string? Notice = null);
