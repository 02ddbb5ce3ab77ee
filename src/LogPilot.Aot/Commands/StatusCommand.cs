using System.Globalization;
using System.Text.Json;
using LogPilot.Agent.Files;
using LogPilot.Agent.Tracking;

namespace LogPilot.Aot.Commands;

/// <summary><c>logpilot status [--json] [--watch]</c>: every file that is or was read, how far, and what holds it up.</summary>
internal static class StatusCommand
{
    private static readonly TimeSpan WatchInterval = TimeSpan.FromSeconds(1);

    public static int Run(TrackingOptions options, bool json, bool watch, TextWriter output, TextWriter errors)
    {
        try
        {
            do
            {
                var file = StatusFile.Read(options.StateDirectory);
                if (json)
                {
                    WriteJson(file, output);
                }
                else
                {
                    WriteText(file, output);
                }
            }
            while (watch && WaitForNext(output));
            return ExitCode.Done;
        }
        catch (CheckpointException unreadable)
        {
            errors.WriteLine($"logpilot: {unreadable.Message}");
            return ExitCode.Failed;
        }
    }

    private static bool WaitForNext(TextWriter output)
    {
        output.Flush();
        using var never = new ManualResetEventSlim();
        never.Wait(WatchInterval);
        output.WriteLine();
        return true;
    }

    private static void WriteText(StatusFile file, TextWriter output)
    {
        var status = file.Status;
        var wrong = file.Judge();
        output.WriteLine(wrong.Count == 0
            ? $"running, process {status.ProcessId}, since {Time(status.StartedAt)}"
            : string.Join('\n', wrong));
        foreach (var problem in Problems(status))
        {
            output.WriteLine($"problem since {Time(problem.Since)}: {problem.Text}");
        }

        var counts = status.Counts;
        output.WriteLine(
            $"read {counts.LinesRead} lines, {counts.BytesRead} bytes, left out {counts.LinesFiltered} by filters, could not parse {counts.LinesUnparsed}; stored {counts.Stored}, were stored already {counts.Duplicates}, "
            + $"sent again {counts.Retried}, as plain message {counts.Plain}, dead letters {counts.DeadLetters}, "
            + $"cut {counts.CutBytes} bytes, lost {counts.LostBytes} bytes; {counts.Requests} requests, {counts.RequestBytes} bytes");
        foreach (var loss in status.Losses)
        {
            output.WriteLine($"lost {loss.Bytes} bytes of {loss.Owner}: {loss.Reason.Text}");
        }

        if (file.Dump.Entries.Count == 0)
        {
            return;
        }

        output.WriteLine();
        output.WriteLine($"{"CONTAINER",-32} {"LOG",-20} {"OFFSET",14} {"SIZE",14} {"LAG",12} {"ACKNOWLEDGED",-24} FILE");
        foreach (var (checkpoint, label) in file.Dump.Entries.OrderBy(entry => entry.Label.Owner, StringComparer.Ordinal))
        {
            output.WriteLine(
                $"{label.Owner,-32} {label.Log,-20} {checkpoint.Acked,14} {label.Size,14} {Lag(checkpoint, label),12} "
                + $"{(label.AckedAt == 0 ? "never" : Time(label.AckedAt)),-24} {label.Path}");
        }
    }

    private static void WriteJson(StatusFile file, TextWriter output)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            WriteJson(file, json);
        }

        output.WriteLine(System.Text.Encoding.UTF8.GetString(buffer.ToArray()));
    }

    private static void WriteJson(StatusFile file, Utf8JsonWriter json)
    {
        var status = file.Status;
        json.WriteStartObject();
        var wrong = file.Judge();
        json.WriteBoolean("healthy", wrong.Count == 0);
        json.WriteStartArray("wrong");
        foreach (var reason in wrong)
        {
            json.WriteStringValue(reason);
        }

        json.WriteEndArray();
        json.WriteNumber("pid", status.ProcessId);
        json.WriteString("started", Time(status.StartedAt));
        json.WriteStartArray("problems");
        foreach (var problem in Problems(status))
        {
            json.WriteStartObject();
            json.WriteString("text", problem.Text);
            json.WriteString("since", Time(problem.Since));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        WriteCounts(status.Counts, json);
        json.WriteStartArray("losses");
        foreach (var loss in status.Losses)
        {
            json.WriteStartObject();
            json.WriteString("container", loss.Owner);
            json.WriteString("reason", loss.Reason.Text);
            json.WriteNumber("bytes", loss.Bytes);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("files");
        foreach (var (checkpoint, label) in file.Dump.Entries)
        {
            json.WriteStartObject();
            json.WriteString("container", label.Owner);
            json.WriteString("log", label.Log);
            json.WriteString("file", label.Path);
            json.WriteNumber("offset", checkpoint.Acked);
            json.WriteNumber("size", label.Size);
            json.WriteNumber("lag", Lag(checkpoint, label));
            json.WriteNumber("generation", checkpoint.Generation);
            json.WriteString("acknowledged", label.AckedAt == 0 ? null : Time(label.AckedAt));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteCounts(AgentCounts counts, Utf8JsonWriter json)
    {
        json.WriteStartObject("totals");
        json.WriteNumber("lines_read", counts.LinesRead);
        json.WriteNumber("lines_filtered", counts.LinesFiltered);
        json.WriteNumber("lines_unparsed", counts.LinesUnparsed);
        json.WriteNumber("bytes_read", counts.BytesRead);
        json.WriteNumber("stored", counts.Stored);
        json.WriteNumber("duplicates", counts.Duplicates);
        json.WriteNumber("retried", counts.Retried);
        json.WriteNumber("plain", counts.Plain);
        json.WriteNumber("dead_letters", counts.DeadLetters);
        json.WriteNumber("cut_bytes", counts.CutBytes);
        json.WriteNumber("lost_bytes", counts.LostBytes);
        json.WriteNumber("requests", counts.Requests);
        json.WriteNumber("request_bytes", counts.RequestBytes);
        json.WriteEndObject();
    }

    private static IEnumerable<StatusProblem> Problems(AgentStatus status)
    {
        foreach (var problem in (StatusProblem?[])[status.Sink, status.Runtime])
        {
            if (problem is not null)
            {
                yield return problem;
            }
        }
    }

    private static long Lag(Checkpoint checkpoint, SlotLabel label) => Math.Max(0, label.Size - checkpoint.Acked);

    // Labels and status have no checksum: a disk may have left any number there.
    private static string Time(long milliseconds) => DateTimeOffset
        .FromUnixTimeMilliseconds(Math.Clamp(
            milliseconds, DateTimeOffset.MinValue.ToUnixTimeMilliseconds(), DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()))
        .ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
}
