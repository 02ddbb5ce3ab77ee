using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace LogPilot.Aot.Tests.Support;

/// <summary>A real nginx before a server: path prefix <c>/es/</c> behind a user and a password, over http and over TLS.</summary>
internal sealed class Nginx : IAsyncDisposable
{
    public const string User = "shipper";
    public const string PathPrefix = "/es";

    private readonly ScratchDirectory _scratch = new();
    private readonly CertificateAuthority _authority = new("LogPilot.Aot tests");
    private readonly string _program;
    private readonly Uri _server;
    private ChildProcess? _process;

    public Nginx(Uri server)
    {
        _program = Prerequisite.Program("nginx", "nginx-light");
        _server = server;
        AuthorityFile = _scratch.WriteFile("ca.pem", _authority.CertificatePem);
        var (certificate, key) = _authority.IssueForLoopback();
        _scratch.WriteFile("server.pem", certificate);
        _scratch.WriteFile("server.key", key);
        _scratch.WriteFile("users", $"{User}:{Hash(Password)}\n");
    }

    /// <summary>With the characters that break configuration files and URLs.</summary>
    public static string Password => "p:w#d %41&\"x'";

    public int HttpPort { get; } = LoopbackPort.Free();

    public int HttpsPort { get; } = LoopbackPort.Free();

    /// <summary>The PEM file of the authority that signed the server's certificate.</summary>
    public string AuthorityFile { get; }

    public async Task StartAsync()
    {
        var configuration = _scratch.WriteFile("nginx.conf", Configuration());
        _process = ChildProcess.Start(_scratch.PathOf("nginx.log"), _program, "-p", _scratch.Root, "-c", configuration);
        var process = _process;
        await Eventually.TrueAsync(() => process.HasExited || (Listens(HttpPort) && Listens(HttpsPort)), () => "nginx listens.");
        Assert.False(process.HasExited, $"nginx ended at its start:\n{process.LogTail}");
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        _authority.Dispose();
        _scratch.Dispose();
    }

    /// <summary>Salted SHA-1, the one scheme of nginx's own that takes a password with a colon: a plain one ends there.</summary>
    private static string Hash(string password)
    {
        var salt = "salt"u8;
#pragma warning disable CA5350 // The format of the file, not a protection.
        byte[] digest = [.. SHA1.HashData([.. Encoding.UTF8.GetBytes(password), .. salt]), .. salt];
#pragma warning restore CA5350
        return "{SSHA}" + Convert.ToBase64String(digest);
    }

    private string Configuration() => $$"""
        daemon off;
        user root;
        worker_processes 1;
        pid {{_scratch.PathOf("nginx.pid")}};
        error_log {{_scratch.PathOf("nginx.log")}} warn;
        events { }
        http {
          access_log off;
          client_max_body_size 0;
          client_body_temp_path {{_scratch.PathOf("body")}};
          proxy_temp_path {{_scratch.PathOf("proxy")}};
          fastcgi_temp_path {{_scratch.PathOf("fastcgi")}};
          uwsgi_temp_path {{_scratch.PathOf("uwsgi")}};
          scgi_temp_path {{_scratch.PathOf("scgi")}};
          server {
            listen 127.0.0.1:{{HttpPort}};
            listen 127.0.0.1:{{HttpsPort}} ssl;
            ssl_certificate {{_scratch.PathOf("server.pem")}};
            ssl_certificate_key {{_scratch.PathOf("server.key")}};
            location {{PathPrefix}}/ {
              auth_basic "logs";
              auth_basic_user_file {{_scratch.PathOf("users")}};
              proxy_http_version 1.1;
              proxy_set_header Connection "";
              proxy_set_header Authorization "";
              proxy_pass {{_server.GetLeftPart(UriPartial.Authority)}}/;
            }
            location / { return 404 "only {{PathPrefix}}/ is served"; }
          }
        }

        """;

    private static bool Listens(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
