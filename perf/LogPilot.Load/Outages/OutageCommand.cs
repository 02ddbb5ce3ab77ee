using LogPilot.Load.Processes;

namespace LogPilot.Load.Outages;

/// <summary>
/// <c>outage</c>: exit code 0 only if the agent took no more memory without its server than with it, and what is missing is
/// what it says that it has given up.
/// </summary>
internal static class OutageCommand
{
    public static int Run(OutageOptions options)
    {
        Console.WriteLine($"outage      of {options.Lasts.TotalMinutes:0.##} minutes, seed {options.Seed}");
        using var scratch = new ScratchDirectory();
        try
        {
            using var run = new OutageRun(options, scratch);
            var result = run.Run();
            result.Print(Console.Out);
            var faults = result.Faults().ToList();
            if (faults.Count == 0)
            {
                return 0;
            }

            faults.ForEach(fault => Console.WriteLine($"FAILED      {fault}"));
        }
        catch (LoadException exception)
        {
            Console.WriteLine(exception.Message);
        }

        scratch.Keep();
        Console.WriteLine($"The agent's log and all files are kept: {scratch.Root}.");
        return 1;
    }
}
