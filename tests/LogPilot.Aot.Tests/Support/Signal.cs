using System.Runtime.InteropServices;

namespace LogPilot.Aot.Tests.Support;

/// <summary>The signals that the tests send.</summary>
internal enum Signal
{
    Kill = 9,
    Terminate = 15,
    Continue = 18,
    Stop = 19,
}

/// <summary>Signals by process id, which .NET can send only as SIGKILL.</summary>
internal static class Signals
{
    public static void Send(int processId, Signal signal) => _ = SendSignal(processId, (int)signal);

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int processId, int signal);
}
