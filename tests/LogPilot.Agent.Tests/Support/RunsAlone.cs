namespace LogPilot.Agent.Tests.Support;

/// <summary>
/// Tests that start a program run while no other test does: until the child has replaced itself by that program it holds every
/// lock of this process, and a checkpoint file that is opened again in that moment would seem to belong to another agent.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class RunsAlone
{
    public const string Name = "alone";
}
