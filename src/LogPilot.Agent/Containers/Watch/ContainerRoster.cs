namespace LogPilot.Agent.Containers.Watch;

/// <summary>
/// Decides, from what events, lists and inspections say, which container to inspect next and what the
/// observer hears. It does no I/O and has one owner.
/// </summary>
/// <remarks>
/// Events only say that a container must be looked at again; what is reported always comes from an
/// inspection. So events may repeat, overlap with a list or arrive late, and several that wait for the same
/// container cost one inspection. A container has at most one inspection under way, which keeps its reports
/// in order, and none waits for another container's.
/// </remarks>
internal sealed class ContainerRoster(IContainerObserver observer)
{
    private readonly Dictionary<string, Entry> _entries = [];

    // Both are bounded by the number of containers, since an entry is queued once, or twice if an event
    // overtakes a list.
    private readonly Queue<string> _heard = new();
    private readonly Queue<string> _listed = new();
    private int _listing;
    private int _inspecting;

    /// <summary>How many containers the runtime has.</summary>
    public int Count => _entries.Count;

    /// <summary>Whether everything asked for so far has been answered.</summary>
    public bool Settled => _inspecting == 0 && _heard.Count == 0 && _listed.Count == 0;

    /// <summary>The runtime says that something happened to a container.</summary>
    public void Heard(ContainerEvent happened)
    {
        var id = happened.ContainerId;
        if (happened.Action != ContainerEvent.Destroy)
        {
            Request(id, EntryOf(id), _heard);
        }
        else if (!_entries.TryGetValue(id, out var entry))
        {
            // Nothing is known of it here, but the observer may remember it from before a restart of the agent.
            observer.Removed(id);
        }
        else if (entry.Inspecting)
        {
            // The answer may hold what a short-lived container was, which is worth more than an early removal.
            entry.Destroyed = true;
        }
        else
        {
            Remove(id, entry);
        }
    }

    /// <summary>
    /// A list is about to be asked for: what is confirmed from here on is not missing, even if the list
    /// lacks it.
    /// </summary>
    public void ListingBegins() => _listing++;

    /// <summary>The list that was begun last has arrived.</summary>
    public void Listed(IReadOnlyList<ContainerListing> listings)
    {
        foreach (var listing in listings)
        {
            var entry = EntryOf(listing.Id);
            var known = entry.Known?.Snapshot;
            if (known is null || entry.Doubtful || known.State != listing.State || known.Name != listing.Name)
            {
                Request(listing.Id, entry, _listed);
            }
            else
            {
                observer.Seen(known);
            }
        }

        foreach (var (id, entry) in _entries.ToArray())
        {
            if (entry.ConfirmedIn < _listing && !entry.Inspecting)
            {
                Remove(id, entry);
            }
        }
    }

    /// <summary>
    /// Takes the next container to inspect; its answer must be given to one of the two methods below.
    /// </summary>
    public bool TryInspect(out string id)
    {
        // Events first: a container of an event may live for milliseconds, those of a list have been there
        // for a while.
        while (_heard.TryDequeue(out id!) || _listed.TryDequeue(out id!))
        {
            if (_entries.TryGetValue(id, out var entry) && entry.Waits is not null)
            {
                entry.Waits = null;
                entry.Inspecting = true;
                _inspecting++;
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// An inspection has been answered; null if the runtime does not have the container any more.
    /// </summary>
    public void Inspected(string id, ContainerInspection? inspection)
    {
        var entry = EndInspection(id);
        if (inspection is null || entry.Destroyed)
        {
            entry.Known = inspection ?? entry.Known;
            Remove(id, entry);
            return;
        }

        var runs = inspection.Snapshot.State != ContainerState.Ended;
        if (runs && entry.Known is { } earlier && inspection.EndedSince(earlier))
        {
            // It ended and was started again before it could be looked at. The end is told too: a last line
            // without a newline belongs to the life that is over.
            observer.Seen(earlier.Snapshot with { State = ContainerState.Ended });
        }

        entry.Known = inspection;
        entry.Doubtful = false;
        observer.Seen(inspection.Snapshot);
        RequestAgain(id, entry);
    }

    /// <summary>An inspection could not be made. The next list asks again.</summary>
    public void InspectionFailed(string id)
    {
        var entry = EndInspection(id);
        entry.Doubtful = true;
        if (entry.Destroyed)
        {
            Remove(id, entry);
        }
        else
        {
            RequestAgain(id, entry);
        }
    }

    /// <summary>
    /// The connection is lost: no answer comes any more, and everything known is to be looked at again.
    /// </summary>
    public void Disconnected()
    {
        _heard.Clear();
        _listed.Clear();
        _inspecting = 0;
        foreach (var (id, entry) in _entries.ToArray())
        {
            entry.Doubtful = true;
            entry.Waits = null;
            entry.Inspecting = entry.Again = false;
            if (entry.Destroyed)
            {
                Remove(id, entry);
            }
        }
    }

    private Entry EntryOf(string id)
    {
        if (!_entries.TryGetValue(id, out var entry))
        {
            _entries[id] = entry = new Entry();
        }

        entry.ConfirmedIn = _listing;
        return entry;
    }

    private void Request(string id, Entry entry, Queue<string> queue)
    {
        if (entry.Inspecting)
        {
            entry.Again = true;
            return;
        }

        if (entry.Waits == _heard)
        {
            return;
        }

        if (entry.Waits != queue)
        {
            // An event's request overtakes a list's, whose place in the other queue is then skipped.
            queue.Enqueue(id);
            entry.Waits = queue;
        }
    }

    private void RequestAgain(string id, Entry entry)
    {
        if (entry.Again)
        {
            entry.Again = false;
            Request(id, entry, _heard);
        }
    }

    private Entry EndInspection(string id)
    {
        var entry = EntryOf(id);
        entry.Inspecting = false;
        _inspecting--;
        return entry;
    }

    private void Remove(string id, Entry entry)
    {
        if (entry.Known is { Snapshot: { State: not ContainerState.Ended } snapshot })
        {
            observer.Seen(snapshot with { State = ContainerState.Ended });
        }

        _entries.Remove(id);
        observer.Removed(id);
    }

    /// <summary>What is known of one container and what is under way for it.</summary>
    private sealed class Entry
    {
        /// <summary>The last answer; null before the first.</summary>
        public ContainerInspection? Known { get; set; }

        /// <summary>The number of the list during or after which the container was last heard of.</summary>
        public int ConfirmedIn { get; set; }

        /// <summary>The last answer may be out of date, although the list shows no difference.</summary>
        public bool Doubtful { get; set; }

        /// <summary>The queue in which it waits for an inspection; null if it does not.</summary>
        public Queue<string>? Waits { get; set; }

        public bool Inspecting { get; set; }

        /// <summary>Something happened after the inspection under way was asked for.</summary>
        public bool Again { get; set; }

        /// <summary>The runtime removed it while the inspection was under way.</summary>
        public bool Destroyed { get; set; }
    }
}
