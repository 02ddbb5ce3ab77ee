namespace LogPilot.Agent.Tracking;

/// <summary>Judges from the outside whether the agent makes progress.</summary>
internal static class AgentHealth
{
    /// <summary>The agent beats every five seconds, whatever it is waiting for; six missed beats are no accident.</summary>
    public static readonly TimeSpan BeatMax = TimeSpan.FromSeconds(30);

    /// <summary>Says everything that is wrong; nothing if the agent is healthy.</summary>
    /// <param name="isLive">The agent's process runs.</param>
    /// <param name="sinceBoot">Milliseconds since the machine's start.</param>
    /// <param name="now">The time of day.</param>
    public static IReadOnlyList<string> Judge(AgentStatus status, bool isLive, long sinceBoot, DateTimeOffset now)
    {
        var wrong = new List<string>();
        var beat = TimeSpan.FromMilliseconds(sinceBoot - status.BeatAt);
        if (!isLive)
        {
            return ["the agent is not running"];
        }

        if (beat > BeatMax)
        {
            return [$"the agent has not moved for {beat.TotalSeconds:F0} s: it is stopped or hangs"];
        }

        var lag = status.OldestUndeliveredAt == 0
            ? TimeSpan.Zero
            : TimeSpan.FromMilliseconds(sinceBoot - status.OldestUndeliveredAt);
        if (lag > status.LagMax)
        {
            wrong.Add($"a line that was read {lag.TotalSeconds:F0} s ago is not delivered yet");
        }

        var unread = status.OldestUnreadAt == 0
            ? TimeSpan.Zero
            : TimeSpan.FromMilliseconds(sinceBoot - status.OldestUnreadAt);
        if (unread > status.LagMax && wrong.Count == 0)
        {
            wrong.Add($"a file has had something to read for {unread.TotalSeconds:F0} s and was not read to its end");
        }

        foreach (var problem in (ReadOnlySpan<StatusProblem?>)[status.Sink, status.Runtime])
        {
            if (problem is not null && now.ToUnixTimeMilliseconds() - problem.Since > status.LagMax.TotalMilliseconds)
            {
                wrong.Add(problem.Text);
            }
        }

        return wrong;
    }
}
