namespace LogPilot.Load.Faults;

/// <summary>A program that writes to its log in bursts until it is stopped.</summary>
internal sealed class LineWriter
{
    private const int BurstLinesMax = 80;
    private const int PauseMillisecondsMax = 30;

    private readonly Thread _thread;
    private volatile bool _isStopping;

    public LineWriter(RotatedLog log, int seed)
    {
        _thread = new Thread(() => Write(log, new Random(seed))) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>Returns when the last line is whole.</summary>
    public void Stop()
    {
        _isStopping = true;
        _thread.Join();
    }

    private void Write(RotatedLog log, Random random)
    {
        while (!_isStopping)
        {
            for (var rest = random.Next(1, BurstLinesMax); rest > 0; rest--)
            {
                log.WriteNext();
            }

            Thread.Sleep(random.Next(PauseMillisecondsMax));
        }
    }
}
