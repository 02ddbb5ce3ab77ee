using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace LogPilot.Aot.Options;

/// <summary>Reads one address of Elasticsearch, as Filebeat does: a missing part has a default, and that of the port is 9200 for URLs too.</summary>
/// <remarks>
/// <code>
/// address = [ ("http" / "https") "://" ] host [ ":" port ] [ "/" path ]
/// host    = name / IPv4 / "[" IPv6 "]"
/// </code>
/// </remarks>
internal static class HostAddress
{
    private const int DefaultPort = 9200;

    /// <summary>
    /// The address with a path that ends in <c>/</c>, so that relative addresses can be put behind it; otherwise the reason.
    /// </summary>
    /// <param name="text">The address.</param>
    /// <param name="scheme">The scheme if the address has none.</param>
    /// <param name="path">The path if the address has none; may be empty.</param>
    public static bool TryParse(
        string text, string scheme, string path, [NotNullWhen(true)] out Uri? address, out string reason)
    {
        address = null;
        reason = "is no address; write host, host:port or http://host:port/path";

        var authority = text;
        if (text.IndexOf("://", StringComparison.Ordinal) is var end and >= 0)
        {
            scheme = text[..end].ToLowerInvariant();
            authority = text[(end + 3)..];
        }

        if (scheme is not ("http" or "https"))
        {
            reason = "has a scheme that is neither http nor https; correct it";
            return false;
        }

        if (authority.AsSpan().ContainsAny('?', '#'))
        {
            reason = "has a query or fragment, which is not sent; remove it";
            return false;
        }

        if (authority.IndexOf('/') is var slash and >= 0)
        {
            path = authority[slash..].Trim('/') is { Length: > 0 } own ? own : path;
            authority = authority[..slash];
        }

        if (!TrySplitPort(authority, out var host, out var port) || Uri.CheckHostName(host) == UriHostNameType.Unknown)
        {
            return false;
        }

        var prefix = path.Trim('/');
        var full = string.Create(
            CultureInfo.InvariantCulture, $"{scheme}://{host}:{port}/{prefix}{(prefix.Length > 0 ? "/" : "")}");
        return Uri.TryCreate(full, UriKind.Absolute, out address);
    }

    /// <summary>The text without the user and password that it may hold.</summary>
    public static string WithoutCredentials(string text)
    {
        var start = text.IndexOf("://", StringComparison.Ordinal) is var end and >= 0 ? end + 3 : 0;
        var at = text.LastIndexOf('@');
        return at < start ? text : string.Concat(text.AsSpan(0, start), "***", text.AsSpan(at));
    }

    private static bool TrySplitPort(string authority, out string host, out int port)
    {
        host = authority;
        port = DefaultPort;
        var colon = authority.LastIndexOf(':');
        if (colon > authority.LastIndexOf(']'))
        {
            host = authority[..colon];
            return int.TryParse(authority.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port)
                && port is > 0 and <= ushort.MaxValue
                && IsBracketed(host);
        }

        return IsBracketed(host);
    }

    // Without brackets, the last group of an IPv6 address would be taken for a port.
    private static bool IsBracketed(string host) => !host.Contains(':') || (host.StartsWith('[') && host.EndsWith(']'));
}
