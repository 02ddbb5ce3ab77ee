using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;

namespace LogPilot.Agent.Shipping;

/// <summary>Requests to a cluster: takes its hosts in turn, leaves those alone that fail, and turns every failure into a value.</summary>
internal sealed class ElasticsearchClient : IDisposable
{
    private const int ErrorBytesMax = 8 * 1024;

    private readonly ElasticsearchOptions _options;
    private readonly TimeProvider _time;
    private readonly ElasticsearchHost[] _hosts;
    private readonly HttpClient _http;
    private uint _turn;

    public ElasticsearchClient(ElasticsearchOptions options, SslClientAuthenticationOptions tls, TimeProvider time)
    {
        _options = options;
        _time = time;
        _hosts = [.. options.Hosts.Select(address => new ElasticsearchHost(address, options, time))];
        ArgumentOutOfRangeException.ThrowIfZero(_hosts.Length);
        _http = new HttpClient(new SocketsHttpHandler
        {
            SslOptions = tls,

            // A redirected POST would become a GET; a cookie would pin the agent to one node behind a balancer.
            AllowAutoRedirect = false,
            UseCookies = false,
            ActivityHeadersPropagator = null,
            ConnectTimeout = options.RequestTimeout < TimeSpan.FromSeconds(10) ? options.RequestTimeout : TimeSpan.FromSeconds(10),

            // A name may point elsewhere tomorrow, and only a new connection looks it up.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <summary>Sends one bulk request of so many items. The memory is not read any more when this returns or throws.</summary>
    public async Task<RequestAnswer> SendBulkAsync(
        List<ReadOnlyMemory<byte>> pieces, int items, BulkVerdicts verdicts, CancellationToken stopping)
    {
        var host = await PickAsync(stopping);
        using var content = new BulkContent(pieces, _options.Gzip);
        var answer = await ExchangeAsync(host, HttpMethod.Post, host.Bulk, content, ReadAsync, stopping);
        Note(host, answer.Outcome);
        return answer;

        async Task<RequestAnswer> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
        {
            if (response.StatusCode != HttpStatusCode.OK)
            {
                var error = ServerError.Read(await ReadStartAsync(response, cancellationToken));
                return RequestAnswer.Judge(host.Name, (int)response.StatusCode, error);
            }

            await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            return await BulkAnswerReader.ReadAsync(body, items, verdicts, cancellationToken) switch
            {
                BulkAnswerOutcome.AllStored => new(RequestOutcome.AllStored, ""),
                BulkAnswerOutcome.PerItem => new(RequestOutcome.PerItem, ""),
                _ => new(RequestOutcome.NotNow, $"{host.Name} gives no whole bulk answer: is it Elasticsearch, and the proxy before it sound?"),
            };
        }
    }

    /// <summary>Asks something small of the next host: its status, the beginning of its answer, or why there is none.</summary>
    public async Task<SmallAnswer> AskAsync(HttpMethod method, string path, byte[]? body, CancellationToken stopping)
    {
        var host = await PickAsync(stopping);
        var small = new SmallAnswer(host.Name, 0, [], "");
        using var content = body is null ? null : new BulkContent([body], gzip: false);
        var answer = await ExchangeAsync(host, method, new Uri(host.Root, path), content, ReadAsync, stopping);
        if (small.Status is 0 or 401 or >= 500)
        {
            host.Backoff.Fail();
        }

        return small.Status == 0 ? small with { Failure = answer.Text } : small;

        async Task<RequestAnswer> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
        {
            var start = await ReadStartAsync(response, cancellationToken);
            small = small with { Status = (int)response.StatusCode, Body = start };
            return new RequestAnswer(RequestOutcome.PerItem, "");
        }
    }

    public void Dispose() => _http.Dispose();

    /// <summary>The next host in turn that is not left alone, waiting for the first if all are.</summary>
    private async Task<ElasticsearchHost> PickAsync(CancellationToken stopping)
    {
        var turn = Interlocked.Increment(ref _turn);
        while (true)
        {
            stopping.ThrowIfCancellationRequested();
            var soonest = TimeSpan.MaxValue;
            for (var i = 0u; i < _hosts.Length; i++)
            {
                var host = _hosts[(turn + i) % (uint)_hosts.Length];
                var remaining = host.Backoff.Remaining;
                if (remaining <= TimeSpan.Zero)
                {
                    return host;
                }

                soonest = remaining < soonest ? remaining : soonest;
            }

            // A timer counts whole milliseconds, so anything shorter would return at once.
            await Task.Delay(soonest + TimeSpan.FromMilliseconds(1), _time, stopping);
        }
    }

    private async Task<RequestAnswer> ExchangeAsync(
        ElasticsearchHost host,
        HttpMethod method,
        Uri address,
        BulkContent? content,
        Func<HttpResponseMessage, CancellationToken, Task<RequestAnswer>> read,
        CancellationToken stopping)
    {
        using var deadline = new CancellationTokenSource(_options.RequestTimeout, _time);
        using var request = CancellationTokenSource.CreateLinkedTokenSource(stopping, deadline.Token);
        using var message = new HttpRequestMessage(method, address) { Content = content };
        message.Headers.Authorization = host.Authorization;
        HttpResponseMessage? response = null;
        var understood = false;
        try
        {
            response = await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, request.Token);
            var answer = await read(response, request.Token);
            understood = answer.Outcome is RequestOutcome.AllStored or RequestOutcome.PerItem;
            return answer;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            throw new OperationCanceledException(stopping);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            return new(RequestOutcome.Overloaded, $"{host.Name} gave no answer in {_options.RequestTimeout.TotalSeconds:0.#} s");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException or OperationCanceledException)
        {
            // A server that refuses a size may close the connection while it is written to, and its 413 is lost.
            var outcome = content is { WasCut: true } ? RequestOutcome.Overloaded : RequestOutcome.NotNow;
            return new(outcome, Explain(host.Name, e));
        }
        finally
        {
            // A server that answered for every item has read them all, so writing is about to end by itself.
            if (!understood && content is { IsReleased: false })
            {
                await request.CancelAsync();
            }

            response?.Dispose();
            await (content?.ReleasedAsync() ?? Task.CompletedTask);
        }
    }

    private static void Note(ElasticsearchHost host, RequestOutcome outcome)
    {
        // Those about the size or the content of a request say nothing about the host.
        if (outcome is RequestOutcome.NotNow or RequestOutcome.Overloaded)
        {
            host.Backoff.Fail();
        }
        else
        {
            host.Backoff.Succeed();
        }
    }

    private static async Task<byte[]> ReadStartAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var start = new byte[ErrorBytesMax];
        var length = await body.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellationToken);
        return start[..length];
    }

    private static string Explain(string host, Exception e)
    {
        var cause = e.GetBaseException();
        return e.InnerException is AuthenticationException
            ? $"the certificate of {host} is not trusted: give its authority in ELASTICSEARCH_SSL_CA ({cause.Message})"
            : $"Elasticsearch at {host} cannot be reached: {cause.Message}";
    }
}

/// <summary>The answer to a small question.</summary>
/// <param name="Host">Who answered.</param>
/// <param name="Status">The HTTP status; 0 if there was no answer.</param>
/// <param name="Body">The beginning of the body.</param>
/// <param name="Failure">Why there was no answer.</param>
internal sealed record SmallAnswer(string Host, int Status, byte[] Body, string Failure);
