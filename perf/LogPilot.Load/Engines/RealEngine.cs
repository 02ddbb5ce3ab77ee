using System.Diagnostics;
using System.Formats.Tar;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using LogPilot.Load.Processes;

namespace LogPilot.Load.Engines;

/// <summary>A Docker Engine of the load's own, spoken to as the <c>docker</c> command does; no network of the machine is touched.</summary>
internal sealed class RealEngine : IDisposable
{
    public const string Image = "logpilot-load/busybox:1";

    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(60);

    private readonly ScratchDirectory _scratch;
    private readonly HttpClient _http;
    private readonly ChildProcess _daemon;

    private RealEngine(ScratchDirectory scratch, string program)
    {
        _scratch = scratch;
        var socketPath = scratch.PathOf("docker.sock");
        _http = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectCallback = async (_, stopping) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), stopping);
                return new NetworkStream(socket, ownsSocket: true);
            },
        })
        { BaseAddress = new Uri("http://docker/") };

        // An engine that is handed no file reads the machine's daemon.json.
        File.WriteAllText(scratch.PathOf("daemon.json"), "{}");
        var name = Path.GetFileName(scratch.Root);
        _daemon = ChildProcess.Start(
            scratch.PathOf("dockerd.log"), null, program,
            "--host", "unix://" + socketPath,
            "--data-root", DataRoot,
            "--exec-root", ExecRoot,
            "--pidfile", scratch.PathOf("dockerd.pid"),
            "--config-file", scratch.PathOf("daemon.json"),
            "--containerd-namespace", name,
            "--containerd-plugins-namespace", name + "-plugins",
            "--bridge=none", "--iptables=false", "--ip6tables=false", "--shutdown-timeout", "5");
    }

    private string DataRoot => _scratch.PathOf("data");

    private string ExecRoot => _scratch.PathOf("exec");

    /// <summary>Starts an engine whose socket is <c>docker.sock</c> in the directory; null and why where none can be started.</summary>
    public static RealEngine? TryStart(ScratchDirectory scratch, out string reason)
    {
        var program = Find("dockerd");
        var busybox = Find("busybox");
        reason = program is null ? "dockerd is not installed (docker.io)" : busybox is null ? "busybox is not installed (busybox-static)" : "";
        if (program is null || busybox is null)
        {
            return null;
        }

        var engine = new RealEngine(scratch, program);
        if (engine.WaitForAnswer())
        {
            engine.Import(busybox);
            return engine;
        }

        reason = "dockerd does not start here, which needs root and cgroups: " + engine._daemon.LogTail.Split('\n')[^1];
        engine.Dispose();
        return null;
    }

    /// <summary>Creates and starts a container, as <c>docker run</c> does; its id.</summary>
    public string Run(ContainerRequest request)
    {
        var content = new StringContent(request.ToJson(Image), Encoding.UTF8, "application/json");
        var id = (string)JsonNode.Parse(Ask(HttpMethod.Post, "containers/create", content))!["Id"]!;
        Ask(HttpMethod.Post, $"containers/{id}/start", null);
        return id;
    }

    /// <summary>Where the engine keeps the log of a container, with its rotated files.</summary>
    public string LogDirectory(string id) => Path.Combine(DataRoot, "containers", id);

    /// <summary>When the engine took the first line that a container wrote.</summary>
    public DateTime FirstLineTime(string id)
    {
        var line = File.ReadLines(Path.Combine(LogDirectory(id), $"{id}-json.log")).First();
        return DateTime.Parse((string)JsonNode.Parse(line)!["time"]!, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal);
    }

    public void Remove(string id) => Ask(HttpMethod.Delete, $"containers/{id}?force=true", null);

    public void Dispose()
    {
        _daemon.Stop(TimeSpan.FromSeconds(20));
        KillLeftovers();
        _daemon.Dispose();
        _http.Dispose();
    }

    private static string? Find(string program) =>
        "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin".Split(':')
            .Select(directory => Path.Combine(directory, program))
            .FirstOrDefault(File.Exists);

    private bool WaitForAnswer()
    {
        var started = Stopwatch.GetTimestamp();
        while (!_daemon.HasExited && Stopwatch.GetElapsedTime(started) < StartDeadline)
        {
            try
            {
                Ask(HttpMethod.Get, "_ping", null);
                return true;
            }
            catch (HttpRequestException)
            {
                Thread.Sleep(100);
            }
        }

        return false;
    }

    private void Import(string busybox)
    {
        var layer = new MemoryStream();
        using (var tar = new TarWriter(layer, leaveOpen: true))
        using (var program = File.OpenRead(busybox))
        {
            const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
            tar.WriteEntry(new PaxTarEntry(TarEntryType.Directory, "bin/") { Mode = Executable });
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "bin/busybox") { Mode = Executable, DataStream = program });
        }

        layer.Position = 0;
        var name = Image.Split(':');
        Ask(HttpMethod.Post, $"images/create?fromSrc=-&repo={name[0]}&tag={name[1]}", new StreamContent(layer));
    }

    private string Ask(HttpMethod method, string call, HttpContent? content)
    {
        using var request = new HttpRequestMessage(method, call) { Content = content };
        using var answer = _http.Send(request);
        using var body = new StreamReader(answer.Content.ReadAsStream());
        var text = body.ReadToEnd();
        return answer.StatusCode < HttpStatusCode.BadRequest
            ? text
            : throw new LoadException($"The engine answers {(int)answer.StatusCode} to {method} {call}: {text}");
    }

    /// <summary>containerd and the shims can outlive their engine. They name its state directory in their arguments.</summary>
    private void KillLeftovers()
    {
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), out var processId) && ArgumentsOf(directory).Contains(ExecRoot, StringComparison.Ordinal))
            {
                Signals.SendKill(processId);
            }
        }
    }

    private static string ArgumentsOf(string processDirectory)
    {
        try
        {
            return File.ReadAllText(Path.Combine(processDirectory, "cmdline"));
        }
        catch (IOException)
        {
            // It has ended since the directory was listed.
            return "";
        }
    }
}
