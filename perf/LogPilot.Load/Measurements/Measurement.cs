namespace LogPilot.Load.Measurements;

/// <summary>One line of the table that a benchmark prints.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Value">With its unit.</param>
/// <param name="Target">What is wanted; empty where nothing is.</param>
/// <param name="IsMet">Null where there is no target.</param>
internal sealed record Measurement(string Name, string Value, string Target = "", bool? IsMet = null)
{
    /// <summary>Prints a table with columns as wide as they need to be.</summary>
    public static void Print(IReadOnlyList<Measurement> measurements, TextWriter writer)
    {
        var name = measurements.Max(one => one.Name.Length);
        var value = measurements.Max(one => one.Value.Length);
        var target = measurements.Max(one => one.Target.Length);
        foreach (var one in measurements)
        {
            var verdict = one.IsMet switch { true => "met", false => "NOT met", null => "" };
            writer.WriteLine($"{one.Name.PadRight(name)}  {one.Value.PadRight(value)}  {one.Target.PadRight(target)}  {verdict}".TrimEnd());
        }
    }
}
