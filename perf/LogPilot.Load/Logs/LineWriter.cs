namespace LogPilot.Load.Logs;

/// <summary>A program that writes to its log in bursts until it is stopped.</summary>
internal sealed class LineWriter
{
    private const int PauseMillisecondsMax = 30;

    private readonly ILog _log;
    private readonly int _burstLinesMax;
    private readonly Random _random;
    private readonly Thread _thread;
    private volatile bool _isStopping;

    public LineWriter(ILog log, int burstLinesMax, int seed)
    {
        _log = log;
        _burstLinesMax = burstLinesMax;
        _random = new Random(seed);
        _thread = new Thread(Write) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>Returns when the last line is whole.</summary>
    public void Stop()
    {
        _isStopping = true;
        _thread.Join();
    }

    private void Write()
    {
        while (!_isStopping)
        {
            for (var rest = _random.Next(1, _burstLinesMax); rest > 0 && _log.TryWriteNext(); rest--)
            {
                // The next line follows at once.
            }

            Thread.Sleep(_random.Next(PauseMillisecondsMax));
        }
    }
}
