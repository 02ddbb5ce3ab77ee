namespace LogPilot.Agent.Shipping;

/// <summary>
/// Writes documents to a file that is rotated by size: <c>name</c> is written, <c>name.1</c> is the one before it, and so on.
/// A batch is in one file, whole, and confirmed by the disk before its ranges are delivered.
/// </summary>
internal sealed class FileSink(FileSinkOptions options, SinkContext context) : ISink
{
    private readonly SemaphoreSlim _turn = new(1);
    private readonly WriteRetry _retry = new(context);
    private readonly string _path = Path.Combine(options.Directory, options.Name);
    private AppendedFile? _file;

    public Task<DocumentTarget> ConnectAsync(CancellationToken stopping) =>
        Task.FromResult(new DocumentTarget(Actions: false, TypeName: null, TimeDigits: 9));

    public async Task ShipAsync(Batch batch, CancellationToken stopping)
    {
        await _turn.WaitAsync(stopping);
        try
        {
            await _retry.RunAsync(() => WriteAsync(batch), _path, stopping);
        }
        finally
        {
            _turn.Release();
        }

        context.Counters.AddStored(batch.Items);
        foreach (ref var range in batch.Ranges)
        {
            range.Outcome = RangeOutcome.Delivered;
        }
    }

    public ValueTask DisposeAsync()
    {
        _file?.Dispose();
        _turn.Dispose();
        return ValueTask.CompletedTask;
    }

    private Task WriteAsync(Batch batch)
    {
        if (batch.Length == 0)
        {
            return Task.CompletedTask;
        }

        try
        {
            _file ??= Open();
            if (_file.Length > 0 && _file.Length + batch.Length > options.RotateBytes)
            {
                Rotate();
                _file = Open();
            }

            _file.Append(batch.Content.Span);
        }
        catch
        {
            // Opened afresh at the next attempt, since the disk may be another one by then.
            _file?.Dispose();
            _file = null;
            throw;
        }

        return Task.CompletedTask;
    }

    private AppendedFile Open()
    {
        Directory.CreateDirectory(options.Directory);
        return AppendedFile.Open(_path, options.Permissions);
    }

    private void Rotate()
    {
        _file?.Dispose();
        _file = null;
        for (var number = options.FileCount - 1; number > 0; number--)
        {
            var newer = number == 1 ? _path : $"{_path}.{number - 1}";
            if (File.Exists(newer))
            {
                File.Move(newer, $"{_path}.{number}", overwrite: true);
            }
        }

        // With a single file allowed, nothing was moved away.
        File.Delete(_path);
    }
}
