using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;

namespace LogPilot.Agent.Shipping;

/// <summary>Requests to a cluster: no more at a time than it bears, to those of its hosts that work, with every failure as a value.</summary>
internal sealed class ElasticsearchClient : IDisposable
{
    private const int ErrorBytesMax = 8 * 1024;

    // .NET's own default.
    private static readonly TimeSpan QuestionPatience = TimeSpan.FromSeconds(1);

    private readonly ElasticsearchOptions _options;
    private readonly TimeProvider _time;
    private readonly ElasticsearchHosts _hosts;
    private readonly HttpClient _http;

    /// <param name="requestsMax">Bulk requests in flight at a host at most.</param>
    public ElasticsearchClient(
        ElasticsearchOptions options, SslClientAuthenticationOptions tls, int requestsMax, TimeProvider time)
    {
        _options = options;
        _time = time;
        _hosts = new ElasticsearchHosts(options, requestsMax, time);
        _http = new HttpClient(new SocketsHttpHandler
        {
            SslOptions = tls,

            // A redirected POST would become a GET; a cookie would pin the agent to one node behind a balancer.
            AllowAutoRedirect = false,
            UseCookies = false,
            ActivityHeadersPropagator = null,
            ConnectTimeout = options.RequestTimeout < TimeSpan.FromSeconds(10) ? options.RequestTimeout : TimeSpan.FromSeconds(10),

            // A proxy that does not know the question leaves it without an answer, and the body needs time as well: with no more
            // than the request has, each one would time out, and the next would ask again.
            Expect100ContinueTimeout = TimeSpan.FromTicks(Math.Min(QuestionPatience.Ticks, options.RequestTimeout.Ticks / 4)),

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
        var place = await _hosts.TakeAsync(stopping);
        var host = place.Host;
        var started = _time.GetTimestamp();
        var load = RequestLoad.Unknown;
        using var content = new BulkContent(pieces, _options.Gzip);
        try
        {
            var answer = await ExchangeAsync(host, HttpMethod.Post, host.Bulk, content, ReadAsync, stopping);
            load = LoadOf(answer.Outcome, verdicts);
            Note(host, answer.Outcome, content);
            return answer;
        }
        finally
        {
            _hosts.Return(place, content.Bytes, _time.GetElapsedTime(started), load);
        }

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
        var place = await _hosts.TakeAsync(stopping);
        var host = place.Host;
        try
        {
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
        finally
        {
            _hosts.Return(place, 0, TimeSpan.Zero, RequestLoad.Unknown);
        }
    }

    public void Dispose() => _http.Dispose();

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
        message.Headers.ExpectContinue = host.AsksFirst && content is not null;
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

    private static void Note(ElasticsearchHost host, RequestOutcome outcome, BulkContent content)
    {
        // Those about the size or the content of a request say nothing about the host.
        if (outcome is RequestOutcome.NotNow or RequestOutcome.Overloaded)
        {
            host.Backoff.Fail();
            host.AsksFirst |= content.WasCut;
        }
        else
        {
            host.Backoff.Succeed();
            host.AsksFirst &= outcome is not (RequestOutcome.AllStored or RequestOutcome.PerItem);
        }
    }

    private static RequestLoad LoadOf(RequestOutcome outcome, BulkVerdicts verdicts) => outcome switch
    {
        RequestOutcome.Overloaded => RequestLoad.TooMuch,
        RequestOutcome.AllStored => RequestLoad.Borne,

        // Shards that are away keep a request waiting, and fewer of them at a time would not bring those back.
        RequestOutcome.PerItem => verdicts.Has(ItemVerdict.Busy) ? RequestLoad.TooMuch
            : verdicts.Has(ItemVerdict.Unavailable) ? RequestLoad.Unknown
            : RequestLoad.Borne,
        _ => RequestLoad.Unknown,
    };

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
