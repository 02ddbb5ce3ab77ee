namespace LogPilot.Agent.Shipping;

/// <summary>Where batches end: Elasticsearch, the console, a file.</summary>
internal interface ISink : IAsyncDisposable
{
    /// <summary>
    /// Learns what documents must look like for this sink. A server that cannot be asked yet is waited for, so this returns
    /// late rather than wrong.
    /// </summary>
    Task<DocumentTarget> ConnectAsync(CancellationToken stopping);

    /// <summary>
    /// Delivers a batch: returns when every range of it has an outcome. Retries by itself and without limit; throws only
    /// <see cref="OperationCanceledException"/> when <paramref name="stopping"/> asks for it, and then ranges that are
    /// already delivered say so. Calls overlap, each with a batch of its own.
    /// </summary>
    Task ShipAsync(Batch batch, CancellationToken stopping);
}

/// <summary>How documents are written for a sink.</summary>
/// <param name="Actions">Each document follows a <c>create</c> action line, as the bulk API wants it.</param>
/// <param name="TypeName">The <c>_type</c> in each action line; null from Elasticsearch 7 on.</param>
/// <param name="TimeDigits">Digits of a second's fraction that the sink takes: 9, or 3.</param>
internal sealed record DocumentTarget(bool Actions, string? TypeName, int TimeDigits);
