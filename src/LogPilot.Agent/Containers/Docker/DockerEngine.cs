namespace LogPilot.Agent.Containers.Docker;

/// <summary>What is known of an engine once it has answered.</summary>
/// <param name="Version">The engine's own version, for people.</param>
/// <param name="ApiVersion">The version of the API that is spoken with it.</param>
/// <param name="RootDir">Its data directory on the host; empty if it does not say.</param>
internal sealed record DockerEngine(string Version, Version ApiVersion, string RootDir);
