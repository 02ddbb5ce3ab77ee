using LogPilot.Load;
using LogPilot.Load.Chaos;
using LogPilot.Load.Measurements;
using LogPilot.Load.Outages;
using LogPilot.Load.Processes;

// The runtime is already up when this runs, so a copy measures the copy.
if (args is [Copy.Command, var path, var port])
{
    return Copy.Run(path, int.Parse(port, System.Globalization.CultureInfo.InvariantCulture));
}

try
{
    var line = LoadCommandLine.Parse(args);
    return line.Command switch
    {
        "bench" => BenchCommand.Run(new BenchOptions(line.Executable(), line.Runs), line.Names),
        "chaos" or "soak" => ChaosCommand.Run(ChaosPlan.For(line)),
        "outage" => OutageCommand.Run(
            new OutageOptions(line.Executable(), line.Seed, line.Lasts, line.LinesPerSecond, line.HeldMiB * 1024L * 1024)),
        _ => throw new LoadException(LoadCommandLine.Usage),
    };
}
catch (LoadException exception)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}
