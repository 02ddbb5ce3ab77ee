using LogPilot.Agent.Containers;
using LogPilot.Agent.Containers.Docker;
using LogPilot.Agent.Containers.Watch;
using LogPilot.Agent.Tests.Support;

namespace LogPilot.Agent.Tests.Containers;

public sealed class ContainerRosterTests
{
    private readonly RecordingObserver _observer = new();
    private readonly ContainerRoster _roster;

    public ContainerRosterTests() => _roster = new ContainerRoster(_observer);

    [Fact]
    public void Inspected_GoneAfterDie_ReportsEndOfLastKnown()
    {
        Confirm("a", ContainerState.Created);
        _roster.Heard(Event("die", "a"));

        _roster.TryInspect(out _);
        _roster.Inspected("a", null);

        Assert.Equal(["Seen a Created", "Seen a Ended", "Removed a"], _observer.Take());
    }

    [Fact]
    public void Heard_DestroyDuringInspection_KeepsWhatTheAnswerHolds()
    {
        _roster.Heard(Event("create", "a"));
        _roster.TryInspect(out _);
        _roster.Heard(Event("start", "a"));
        _roster.Heard(Event("destroy", "a"));

        _roster.Inspected("a", Inspection("a", ContainerState.Created));

        Assert.Equal(["Seen a Ended", "Removed a"], _observer.Take());
        Assert.True(_roster.Settled);
    }

    [Fact]
    public void Heard_ManyEventsDuringInspection_CostOneMore()
    {
        _roster.Heard(Event("create", "a"));
        _roster.TryInspect(out _);
        _roster.Heard(Event("start", "a"));
        _roster.Heard(Event("rename", "a"));
        _roster.Heard(Event("die", "a"));

        Assert.False(_roster.TryInspect(out _));
        _roster.Inspected("a", Inspection("a", ContainerState.Created));
        Assert.True(_roster.TryInspect(out _));
        _roster.Inspected("a", Inspection("a", ContainerState.Ended));

        Assert.False(_roster.TryInspect(out _));
        Assert.Equal(["Seen a Created", "Seen a Ended"], _observer.Take());
    }

    [Fact]
    public void Inspected_RestartedMeanwhile_ReportsEndInBetween()
    {
        Confirm("a", ContainerState.Running, started: "1");
        _roster.Heard(Event("die", "a"));
        _roster.TryInspect(out _);

        _roster.Inspected("a", Inspection("a", ContainerState.Running, started: "3", finished: "2"));

        Assert.Equal(["Seen a Running", "Seen a Ended", "Seen a Running"], _observer.Take());
    }

    [Fact]
    public void Inspected_StaleDieOfRunningContainer_ReportsNoEnd()
    {
        Confirm("a", ContainerState.Running, started: "3", finished: "2");
        _roster.Heard(Event("die", "a"));
        _roster.TryInspect(out _);

        _roster.Inspected("a", Inspection("a", ContainerState.Running, started: "3", finished: "2"));

        Assert.Equal(["Seen a Running", "Seen a Running"], _observer.Take());
    }

    [Fact]
    public void Heard_DestroyOfUnknown_IsPassedOn()
    {
        _roster.Heard(Event("destroy", "a"));

        Assert.Equal(["Removed a"], _observer.Take());
    }

    [Fact]
    public void TryInspect_EventAndList_TakesEventFirst()
    {
        _roster.ListingBegins();
        _roster.Listed([Listing("a"), Listing("b")]);
        _roster.Heard(Event("create", "c"));
        _roster.Heard(Event("die", "b"));

        var order = new List<string>();
        while (_roster.TryInspect(out var id))
        {
            order.Add(id);
        }

        Assert.Equal(["c", "b", "a"], order);
    }

    [Fact]
    public void Listed_KnownAndUnchanged_ConfirmsWithoutInspection()
    {
        Confirm("a", ContainerState.Running);

        _roster.ListingBegins();
        _roster.Listed([Listing("a")]);

        Assert.False(_roster.TryInspect(out _));
        Assert.Equal(["Seen a Running", "Seen a Running"], _observer.Take());
    }

    [Theory]
    [InlineData("web", "exited")]
    [InlineData("renamed", "running")]
    public void Listed_KnownAndDifferent_InspectsAgain(string name, string status)
    {
        Confirm("a", ContainerState.Running);

        _roster.ListingBegins();
        _roster.Listed([new ContainerListing("a", name, DockerInspection.StateOf(status))]);

        Assert.True(_roster.TryInspect(out _));
    }

    [Fact]
    public void Listed_KnownIsMissing_RemovesIt()
    {
        Confirm("a", ContainerState.Running);

        _roster.ListingBegins();
        _roster.Listed([]);

        Assert.Equal(["Seen a Running", "Seen a Ended", "Removed a"], _observer.Take());
        Assert.Equal(0, _roster.Count);
    }

    [Fact]
    public void Listed_MissingButCreatedSinceListBegan_KeepsIt()
    {
        _roster.ListingBegins();
        Confirm("a", ContainerState.Created);

        _roster.Listed([]);

        Assert.Equal(["Seen a Created"], _observer.Take());
    }

    [Fact]
    public void InspectionFailed_NextList_InspectsAgain()
    {
        Confirm("a", ContainerState.Running);
        _roster.Heard(Event("rename", "a"));
        _roster.TryInspect(out _);

        _roster.InspectionFailed("a");
        _roster.ListingBegins();
        _roster.Listed([Listing("a")]);

        Assert.True(_roster.TryInspect(out _));
    }

    [Fact]
    public void Disconnected_WorkUnderWay_IsForgottenAndEverythingDoubted()
    {
        Confirm("a", ContainerState.Running);
        _roster.Heard(Event("create", "b"));
        _roster.TryInspect(out _);
        _roster.Heard(Event("create", "c"));

        _roster.Disconnected();

        Assert.True(_roster.Settled);
        _roster.ListingBegins();
        _roster.Listed([Listing("a"), Listing("b"), Listing("c")]);
        Assert.True(_roster.TryInspect(out var first));
        Assert.True(_roster.TryInspect(out var second));
        Assert.True(_roster.TryInspect(out var third));
        Assert.Equal(["a", "b", "c"], [first, second, third]);
    }

    private static ContainerEvent Event(string action, string id) => new(id, action, 0);

    private static ContainerListing Listing(string id) => new(id, "web", ContainerState.Running);

    private static ContainerInspection Inspection(string id, ContainerState state, string started = "1", string finished = "0")
    {
        // A container that has ended has an end.
        finished = state == ContainerState.Ended ? "9" : finished;
        return new ContainerInspection(new ContainerSnapshot { Id = id, Name = "web", State = state }, started, finished);
    }

    private void Confirm(string id, ContainerState state, string started = "1", string finished = "0")
    {
        _roster.Heard(Event("create", id));
        Assert.True(_roster.TryInspect(out _));
        _roster.Inspected(id, Inspection(id, state, started, finished));
    }
}
