using System.Runtime.InteropServices;

namespace LogPilot.Load.Processes;

/// <summary>Signals by process id, of which .NET itself can send only SIGKILL.</summary>
internal static class Signals
{
    private const int Kill = 9;
    private const int Terminate = 15;

    public static void SendKill(int processId) => _ = Send(processId, Kill);

    public static void SendTerminate(int processId) => _ = Send(processId, Terminate);

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Send(int processId, int signal);
}
