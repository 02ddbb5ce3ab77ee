namespace LogPilot.Agent.Containers.Watch;

/// <summary>One line of a runtime's list of containers.</summary>
internal sealed record ContainerListing(string Id, string Name, ContainerState State);
