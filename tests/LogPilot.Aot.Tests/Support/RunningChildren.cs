using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace LogPilot.Aot.Tests.Support;

/// <summary>The processes that the tests have started and not ended yet: a run that is broken off ends them on its way out.</summary>
internal static class RunningChildren
{
    private static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(15);
    private static readonly ConcurrentDictionary<int, Process> Children = [];
    private static readonly List<PosixSignalRegistration> Registrations = [];
    private static readonly ConcurrentDictionary<Action, bool> Leftovers = [];

    /// <summary>The registrations stay for the life of the process, since a signal no longer raises ProcessExit by itself.</summary>
    static RunningChildren()
    {
        AppDomain.CurrentDomain.ProcessExit += (_, _) => StopAll();
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGHUP])
        {
            Registrations.Add(PosixSignalRegistration.Create(signal, _ => StopAll()));
        }
    }

    public static void Add(Process process) => Children[process.Id] = process;

    public static void Remove(Process process) => Children.TryRemove(process.Id, out _);

    /// <summary>What is to be done after the children have ended, about processes that outlive their parents.</summary>
    public static void AddLeftovers(Action end) => Leftovers[end] = true;

    public static void RemoveLeftovers(Action end) => Leftovers.TryRemove(end, out _);

    private static void StopAll()
    {
        foreach (var (id, process) in Children)
        {
            if (!process.HasExited)
            {
                Signals.Send(id, Signal.Terminate);
            }
        }

        var start = Stopwatch.GetTimestamp();
        foreach (var (id, process) in Children)
        {
            var left = StopDeadline - Stopwatch.GetElapsedTime(start);
            if (!process.WaitForExit(left > TimeSpan.Zero ? left : TimeSpan.Zero))
            {
                Signals.Send(id, Signal.Kill);
            }
        }

        foreach (var end in Leftovers.Keys)
        {
            end();
        }
    }
}
