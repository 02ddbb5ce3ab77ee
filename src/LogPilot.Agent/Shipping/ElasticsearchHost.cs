using System.Globalization;
using System.Net.Http.Headers;
using System.Text;

namespace LogPilot.Agent.Shipping;

/// <summary>One of the addresses of a cluster, and whether it works.</summary>
internal sealed class ElasticsearchHost
{
    public ElasticsearchHost(Uri address, ElasticsearchOptions options, int requestsMax, TimeProvider time)
    {
        // No user information: this is what logs and status show.
        Name = address.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped).TrimEnd('/');
        Root = new Uri(Name + "/");
        Bulk = new Uri(Root, string.Create(CultureInfo.InvariantCulture,
            $"_bulk?filter_path=errors,items.*.status,items.*.error&timeout={ShardPatience(options).TotalMilliseconds:0}ms"));
        Authorization = AuthorizationOf(address, options);
        Concurrency = new ConcurrencyLimit(requestsMax, time);
        Backoff = new Backoff(options.RetryDelayMin, options.RetryDelayMax, time);
    }

    /// <summary>The address without credentials.</summary>
    public string Name { get; }

    public Uri Root { get; }

    public Uri Bulk { get; }

    public AuthenticationHeaderValue? Authorization { get; }

    public Backoff Backoff { get; }

    /// <summary>Its requests in flight. Guarded by <see cref="ElasticsearchHosts"/>.</summary>
    public ConcurrencyLimit Concurrency { get; }

    /// <summary>
    /// Ask before a body is sent whether it is wanted: the last one was cut, and an answer that comes before its end is not
    /// seen otherwise. Not always, since a proxy that does not know the question costs a second each time.
    /// </summary>
    public bool AsksFirst { get; set; }

    /// <summary>
    /// How long the server may wait for a shard. A minute is its own default; with a shorter timeout of the request nothing would
    /// ever tell which index it is that takes nothing.
    /// </summary>
    private static TimeSpan ShardPatience(ElasticsearchOptions options) =>
        options.HoldAfter < options.RequestTimeout / 2 ? options.HoldAfter : options.RequestTimeout / 2;

    private static AuthenticationHeaderValue? AuthorizationOf(Uri address, ElasticsearchOptions options)
    {
        if (options.ApiKey.Length > 0)
        {
            return new AuthenticationHeaderValue("ApiKey", options.ApiKey);
        }

        var userAndPassword = options.User.Length > 0 || options.Password.Length > 0
            ? $"{options.User}:{options.Password}"
            : Uri.UnescapeDataString(address.UserInfo);
        return userAndPassword.Length == 0
            ? null
            : new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(userAndPassword)));
    }
}
