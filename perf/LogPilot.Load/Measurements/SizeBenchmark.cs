namespace LogPilot.Load.Measurements;

/// <summary>The size of the executable.</summary>
internal static class SizeBenchmark
{
    private const long BytesMax = 16_000_000;

    public static IEnumerable<Measurement> Run(BenchOptions options)
    {
        var bytes = new FileInfo(options.Executable).Length;
        yield return new Measurement("executable", $"{bytes / 1e6:0.0} MB", "<= 16 MB", bytes <= BytesMax);
    }
}
