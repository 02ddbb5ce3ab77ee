using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace LogPilot.Agent.Containers.Cri;

/// <summary>Calls of gRPC with one request and one answer, over HTTP/2 as the base library has it.</summary>
/// <remarks>https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md</remarks>
internal static class GrpcCall
{
    // A flag that says whether the message is compressed, and its length.
    private const int PrefixBytes = 1 + sizeof(uint);

    /// <summary>What kubelet takes, too.</summary>
    private const int AnswerBytesMax = 16 * 1024 * 1024;

    /// <summary>Calls, and reads the answer while it is there.</summary>
    /// <param name="method"><c>SERVICE/METHOD</c>.</param>
    /// <exception cref="GrpcException">The server answers with a status other than OK.</exception>
    /// <exception cref="InvalidDataException">What answers does not speak gRPC.</exception>
    public static async Task<T> AskAsync<T>(
        HttpClient http, string method, byte[] request, Func<ReadOnlySpan<byte>, T> read, CancellationToken stopping)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, method)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(WithPrefix(request)),
        };
        message.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        message.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        using var response = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, stopping);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            throw new InvalidDataException($"the answer is no gRPC, it has status {(int)response.StatusCode}.");
        }

        await using var body = await response.Content.ReadAsStreamAsync(stopping);
        var prefix = new byte[PrefixBytes];
        if (await body.ReadAtLeastAsync(prefix, PrefixBytes, throwOnEndOfStream: false, stopping) < PrefixBytes)
        {
            // A refusal has no message, and then its status may stand among the headers.
            throw StatusOf(response) ?? throw new InvalidDataException("the answer ends before its message.");
        }

        var bytes = BinaryPrimitives.ReadUInt32BigEndian(prefix.AsSpan(1));
        if (prefix[0] != 0 || bytes > AnswerBytesMax)
        {
            throw new InvalidDataException($"the answer is compressed, or longer than {AnswerBytesMax} bytes.");
        }

        var buffer = ArrayPool<byte>.Shared.Rent((int)bytes);
        try
        {
            await body.ReadExactlyAsync(buffer.AsMemory(0, (int)bytes), stopping);

            // The status comes behind the message.
            if (await body.ReadAsync(prefix, stopping) > 0)
            {
                throw new InvalidDataException("the answer has a second message.");
            }

            return StatusOf(response) is { } refusal ? throw refusal : read(buffer.AsSpan(0, (int)bytes));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static byte[] WithPrefix(byte[] request)
    {
        var framed = new byte[PrefixBytes + request.Length];
        BinaryPrimitives.WriteInt32BigEndian(framed.AsSpan(1), request.Length);
        request.CopyTo(framed, PrefixBytes);
        return framed;
    }

    private static GrpcException? StatusOf(HttpResponseMessage response)
    {
        var text = ValueOf(response, "grpc-status")
            ?? throw new InvalidDataException("the answer has no status of gRPC.");
        var status = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? (GrpcStatus)number
            : throw new InvalidDataException($"the answer has the status '{text}', which is none of gRPC.");
        return status == GrpcStatus.Ok ? null : new GrpcException(status, Uri.UnescapeDataString(ValueOf(response, "grpc-message") ?? ""));
    }

    private static string? ValueOf(HttpResponseMessage response, string name) =>
        response.TrailingHeaders.TryGetValues(name, out var values) || response.Headers.TryGetValues(name, out values)
            ? values.First()
            : null;
}

/// <summary>The statuses of gRPC that mean something here, by their numbers.</summary>
internal enum GrpcStatus
{
    Ok = 0,
    NotFound = 5,
    Unimplemented = 12,
    Unavailable = 14,
}

/// <summary>A server of gRPC has refused a call.</summary>
internal sealed class GrpcException(GrpcStatus status, string message) : Exception(message)
{
    public GrpcStatus Status => status;
}
