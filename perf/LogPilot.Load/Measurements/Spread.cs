namespace LogPilot.Load.Measurements;

/// <summary>The results of runs of the same thing: machines are noisy, so one figure alone says little.</summary>
internal sealed class Spread
{
    private readonly double[] _sorted;

    public Spread(IEnumerable<double> values)
    {
        _sorted = [.. values.Order()];
        ArgumentOutOfRangeException.ThrowIfZero(_sorted.Length);
    }

    public double Min => _sorted[0];

    public double Median => Percentile(0.5);

    public double Max => _sorted[^1];

    /// <summary>The value that this share of the values does not exceed.</summary>
    public double Percentile(double share) => _sorted[Math.Max(0, (int)Math.Ceiling(share * _sorted.Length) - 1)];

    public string Show(string format, string unit) => $"{Text(Min, format)} / {Text(Median, format)} / {Text(Max, format)} {unit}";

    private static string Text(double value, string format) => value.ToString(format, System.Globalization.CultureInfo.InvariantCulture);
}
