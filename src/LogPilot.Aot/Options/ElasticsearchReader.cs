using LogPilot.Agent.Shipping;

namespace LogPilot.Aot.Options;

/// <summary>Reads how Elasticsearch is reached.</summary>
internal static class ElasticsearchReader
{
    public static ElasticsearchOptions Read(VariableReader reader, WellKnownPaths paths)
    {
        var hosts = ReadHosts(reader);
        var (user, password) = ReadCredential(reader, paths);
        var apiKey = ReadApiKey(reader, user);
        var caFile = reader.PemFile("ELASTICSEARCH_SSL_CA");
        var certificateFile = reader.PemFile("ELASTICSEARCH_SSL_CERT");
        var keyFile = reader.PemFile("ELASTICSEARCH_SSL_KEY");
        CheckCertificatePair(reader);

        var verify = reader.Flag("ELASTICSEARCH_SSL_VERIFY");
        var encrypted = hosts.Any(host => host.Scheme == Uri.UriSchemeHttps);
        if (!verify && encrypted)
        {
            reader.Warnings.Add("ELASTICSEARCH_SSL_VERIFY: false accepts any certificate; whoever is between can read and change the logs");
        }

        if (hosts.Count > 0 && !encrypted && (caFile ?? certificateFile) is not null)
        {
            reader.Warnings.Add("ELASTICSEARCH_SSL_CA and ELASTICSEARCH_SSL_CERT are not used: no host has the scheme https");
        }

        if (reader.Text("ELASTICSEARCH_INDEX") is not null)
        {
            reader.Notices.Add("ELASTICSEARCH_INDEX is ignored: every log has an index of its own");
        }

        return new ElasticsearchOptions
        {
            Hosts = hosts,
            User = user,
            Password = password,
            ApiKey = apiKey,
            CaFile = caFile,
            CertificateFile = certificateFile,
            KeyFile = keyFile,
            VerifyCertificate = verify,
            Gzip = reader.Flag("LOGPILOT_GZIP"),
            RequestTimeout = reader.Duration("LOGPILOT_REQUEST_TIMEOUT"),
            RetryDelayMax = reader.Duration("LOGPILOT_RETRY_DELAY_MAX"),
        };
    }

    private static List<Uri> ReadHosts(VariableReader reader)
    {
        var scheme = reader.Choice("ELASTICSEARCH_SCHEME");
        var path = ReadPath(reader);
        var hosts = new List<Uri>();
        if (reader.Text("ELASTICSEARCH_HOSTS") is { } list)
        {
            var entries = list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            foreach (var entry in entries)
            {
                AddHost(reader, "ELASTICSEARCH_HOSTS", entry, scheme, path, hosts);
            }

            if (entries.Length == 0)
            {
                reader.Reject("ELASTICSEARCH_HOSTS", list, "names no host; write host:port,host:port");
            }
        }
        else if (reader.Text("ELASTICSEARCH_HOST") is not { } host)
        {
            reader.Errors.Add("ELASTICSEARCH_HOST required: set ELASTICSEARCH_HOSTS=host:port, or ELASTICSEARCH_HOST and ELASTICSEARCH_PORT");
        }
        else if (reader.Text("ELASTICSEARCH_PORT") is not { } port)
        {
            reader.Errors.Add("ELASTICSEARCH_PORT required: set it, or ELASTICSEARCH_HOSTS=host:port");
        }
        else if (!ValueText.TryParseNumber(port, out var number) || number is 0 or > ushort.MaxValue)
        {
            // A service named elasticsearch makes Kubernetes set ELASTICSEARCH_PORT=tcp://10.0.0.1:9200 in every pod beside it.
            reader.Reject("ELASTICSEARCH_PORT", port, port.Contains("://", StringComparison.Ordinal)
                ? "comes from a Kubernetes service named elasticsearch; set ELASTICSEARCH_PORT in the pod, or ELASTICSEARCH_HOSTS"
                : "is not a port; it must be from 1 to 65535");
        }
        else
        {
            AddHost(reader, "ELASTICSEARCH_HOST", $"{host}:{port}", scheme, path, hosts);
        }

        return hosts;
    }

    private static void AddHost(
        VariableReader reader, string name, string entry, string scheme, string path, List<Uri> hosts)
    {
        if (entry.Contains('@'))
        {
            reader.Reject(name, HostAddress.WithoutCredentials(entry),
                "holds a user or password; set ELASTICSEARCH_USER and ELASTICSEARCH_PASSWORD instead");
        }
        else if (!HostAddress.TryParse(entry, scheme, path, out var address, out var reason))
        {
            reader.Reject(name, entry, reason);
        }
        else if (hosts.Contains(address))
        {
            reader.Warnings.Add($"{reader.Source(name)}: '{VariableReader.Shown(entry)}' is there twice; it is used once");
        }
        else
        {
            hosts.Add(address);
        }
    }

    private static string ReadPath(VariableReader reader)
    {
        var path = reader.Text("ELASTICSEARCH_PATH") ?? "";
        if (!path.AsSpan().ContainsAny("?# ") && !path.Contains("://", StringComparison.Ordinal))
        {
            return path;
        }

        reader.Reject("ELASTICSEARCH_PATH", path, "is not a path; write it as /elasticsearch");
        return "";
    }

    private static (string User, string Password) ReadCredential(VariableReader reader, WellKnownPaths paths)
    {
        if (File.Exists(paths.CredentialFile))
        {
            return ReadCredentialFile(reader, paths.CredentialFile);
        }

        var user = reader.Text("ELASTICSEARCH_USER") ?? "";
        var password = reader.Secret("ELASTICSEARCH_PASSWORD") ?? "";
        if (user.Contains(':'))
        {
            reader.Reject("ELASTICSEARCH_USER", user[..user.IndexOf(':')] + ":***",
                "contains ':', which no user name may; put what is behind it into ELASTICSEARCH_PASSWORD");
        }

        if (user.Length == 0 && password.Length > 0)
        {
            reader.Warnings.Add("ELASTICSEARCH_PASSWORD is not used: ELASTICSEARCH_USER is not set");
        }

        return (user, password);
    }

    private static (string User, string Password) ReadCredentialFile(VariableReader reader, string path)
    {
        if (BoundedFile.TryRead(path, out var reason) is not { } content)
        {
            reader.Errors.Add($"{path}: {reason}; let the agent read it, or remove the secret");
            return ("", "");
        }

        // The first colon: a password may contain more of them, a user name may not.
        var text = VariableReader.TrimLineEnd(content);
        var colon = text.IndexOf(':');
        if (colon <= 0)
        {
            reader.Errors.Add($"{path}: must hold user:password on one line");
            return ("", "");
        }

        if (reader.Text("ELASTICSEARCH_USER") is not null)
        {
            reader.Notices.Add($"ELASTICSEARCH_USER and ELASTICSEARCH_PASSWORD are ignored: {path} wins");
        }

        return (text[..colon], text[(colon + 1)..]);
    }

    private static string ReadApiKey(VariableReader reader, string user)
    {
        if (reader.Secret("ELASTICSEARCH_API_KEY")?.Trim() is not { Length: > 0 } key)
        {
            return "";
        }

        if (!Convert.TryFromBase64String(key, new byte[key.Length], out _))
        {
            reader.Errors.Add($"{reader.Source("ELASTICSEARCH_API_KEY")}: is not the base64 text that Elasticsearch returns as encoded; "
                + "for an id and a key, set it to the base64 of id:key");
        }

        if (user.Length > 0)
        {
            reader.Errors.Add($"{reader.Source("ELASTICSEARCH_API_KEY")}: is set together with a user; keep one of the two");
        }

        return key;
    }

    private static void CheckCertificatePair(VariableReader reader)
    {
        var certificate = reader.Text("ELASTICSEARCH_SSL_CERT") is not null;
        var key = reader.Text("ELASTICSEARCH_SSL_KEY") is not null;
        if (certificate != key)
        {
            reader.Errors.Add(certificate
                ? "ELASTICSEARCH_SSL_KEY required: ELASTICSEARCH_SSL_CERT is set and needs its key"
                : "ELASTICSEARCH_SSL_CERT required: ELASTICSEARCH_SSL_KEY is set and needs its certificate");
        }
    }
}
