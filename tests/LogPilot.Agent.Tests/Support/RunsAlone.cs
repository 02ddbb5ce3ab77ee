namespace LogPilot.Agent.Tests.Support;

/// <summary>
/// Tests that start a program run while no other test does: until the child has replaced itself by that program it holds every
/// lock of this process, and a checkpoint file that is opened again in that moment would seem to belong to another agent. So do
/// tests that take every core for a while, beside which a server of another test would seem to hang.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class RunsAlone
{
    public const string Name = "alone";
}
