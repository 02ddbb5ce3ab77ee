using LogPilot.Agent.Tests.Support;

namespace LogPilot.Agent.Tests.Rotations;

/// <summary>Stores documents as Elasticsearch does for <c>create</c>: the first one of an id stays.</summary>
internal sealed class RecordingStore
{
    private readonly Dictionary<(string Index, string Id), string> _documents = [];
    private readonly Dictionary<string, int> _counts = [];

    /// <summary>Each text that is stored, and how often.</summary>
    public IReadOnlyDictionary<string, int> Counts => _counts;

    public void Create(SentDocument document)
    {
        if (_documents.TryAdd((document.Index, document.Id), document.Message))
        {
            _counts[document.Message] = _counts.GetValueOrDefault(document.Message) + 1;
        }
    }

    /// <summary>Whether a stored text contains this one.</summary>
    public bool Holds(string text) =>
        _counts.ContainsKey(text) || _counts.Keys.Any(stored => stored.Contains(text, StringComparison.Ordinal));
}
