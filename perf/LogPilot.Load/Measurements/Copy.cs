using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using LogPilot.Load.Processes;
using LogPilot.Load.Servers;

namespace LogPilot.Load.Measurements;

/// <summary>The least that any agent can do: the file in one HTTP POST over loopback.</summary>
internal static class Copy
{
    /// <summary>The command by which this program runs itself, so that the copy's processor time is its own.</summary>
    public const string Command = "copy";

    private const int BufferBytes = 256 * 1024;

    /// <summary>The processor time of copying a file to a counting server.</summary>
    public static TimeSpan Measure(string path)
    {
        using var server = new CountingServer();
        var port = server.Address.Port.ToString(CultureInfo.InvariantCulture);
        var start = new ProcessStartInfo(Environment.ProcessPath!, [Command, path, port]) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 && long.TryParse(output, CultureInfo.InvariantCulture, out var ticks)
            ? TimeSpan.FromTicks(ticks)
            : throw new LoadException($"The copy of {path} failed: {output}");
    }

    /// <summary>Copies and prints the ticks of processor time that this took, without the start of the runtime.</summary>
    public static int Run(string path, int port)
    {
        var before = Environment.CpuUsage.TotalTime;
        using var file = File.OpenHandle(path);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Connect(IPAddress.Loopback, port);
        var length = RandomAccess.GetLength(file);
        socket.Send(Encoding.ASCII.GetBytes($"POST /_bulk HTTP/1.1\r\nHost: load\r\nContent-Length: {length}\r\n\r\n"));
        var buffer = new byte[BufferBytes];
        for (var offset = 0L; offset < length;)
        {
            var read = RandomAccess.Read(file, buffer, offset);
            for (var sent = 0; sent < read;)
            {
                sent += socket.Send(buffer.AsSpan(sent, read - sent));
            }

            offset += read;
        }

        while (socket.Receive(buffer) == buffer.Length)
        {
            // An answer that is longer than the buffer; its beginning is enough.
        }

        Console.Write((Environment.CpuUsage.TotalTime - before).Ticks);
        return 0;
    }
}
