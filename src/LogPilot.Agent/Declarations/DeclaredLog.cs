namespace LogPilot.Agent.Declarations;

/// <summary>What labels and env say of one log, collected but not validated.</summary>
internal sealed class DeclaredLog(string name)
{
    /// <summary>The key as it was written, such as <c>aliyun_logs_access</c>; null if only properties were written.</summary>
    public string? Key { get; private set; }

    /// <summary>The raw value of the key: <c>stdout</c> or a path.</summary>
    public string Value { get; private set; } = "";

    /// <summary>The log is a container's standard output.</summary>
    public bool IsStdout => Value.Trim() == "stdout";

    /// <summary>The key of a property that came before the log itself, as it was written.</summary>
    public string? OrphanKey { get; set; }

    public string Name { get; } = name;

    public string PrintedName { get; } = PrintedText.Of(name);

    /// <summary>Values by property in label form, such as <c>format.time_key</c>, in ordinal order.</summary>
    public SortedDictionary<string, string> Properties { get; } = new(StringComparer.Ordinal);

    /// <summary>What <c>custom_config</c> adds to the tags, in the order of its lines.</summary>
    public List<KeyValuePair<string, string>> CustomFields { get; } = [];

    /// <summary>Sets the log itself. A second time, by another prefix, its properties are forgotten, as in log-pilot.</summary>
    public void Declare(string key, string value)
    {
        Key = key;
        Value = value;
        Properties.Clear();
    }

    /// <summary>The properties below <paramref name="parent"/>, by the last part of their names.</summary>
    public IEnumerable<KeyValuePair<string, string>> Below(string parent)
        => from property in Properties
           where property.Key.Length > parent.Length + 1
               && property.Key[parent.Length] == '.'
               && property.Key.StartsWith(parent, StringComparison.Ordinal)
           select KeyValuePair.Create(property.Key[(parent.Length + 1)..], property.Value);

    public DeclarationError Error(string text, string fix) => new(PrintedName, text, fix);
}
