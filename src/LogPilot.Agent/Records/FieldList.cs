namespace LogPilot.Agent.Records;

/// <summary>
/// Fields in their order, each name once: the dots of labels are replaced, so two of them can become one name, and a document
/// with it twice is refused. The first one stays.
/// </summary>
internal sealed class FieldList
{
    private readonly List<RecordField> _fields = [];

    public IReadOnlyList<RecordField> Fields => _fields;

    public bool Has(string name) => _fields.Exists(field => field.Name == name);

    /// <summary>Whether a field of this name would be a member of one that is there.</summary>
    public bool HasAbove(string name) => _fields.Exists(field => name.StartsWith(field.Name + ".", StringComparison.Ordinal));

    /// <summary>What has no value is no field.</summary>
    public void AddText(string name, string value)
    {
        if (value.Length > 0)
        {
            Add(RecordField.Text(name, value));
        }
    }

    public void Add(RecordField field)
    {
        if (!Has(field.Name))
        {
            _fields.Add(field);
        }
    }

    public void AddAll(FieldList others)
    {
        foreach (var field in others._fields)
        {
            Add(field);
        }
    }
}
