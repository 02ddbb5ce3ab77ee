namespace LogPilot.Agent.Files;

/// <summary>Why bytes that could have been read were not delivered.</summary>
internal enum LossReason
{
    /// <summary>The file was cut to nothing before they were read, and no copy of them was found.</summary>
    Cut,

    /// <summary>More deleted data was held open than may be.</summary>
    HeldBytes,

    /// <summary>The file system was nearly full, and only the agent held the deleted file.</summary>
    DiskSpace,
}

/// <summary>Loss reasons in words.</summary>
internal static class LossReasonText
{
    extension(LossReason reason)
    {
        public string Text => reason switch
        {
            LossReason.Cut => "the file was cut to nothing before they were delivered",
            LossReason.HeldBytes => "more deleted files were held than LOGPILOT_HELD_BYTES_MAX allows",
            _ => "the disk was nearly full, and nobody but the agent held the deleted file (LOGPILOT_DISK_FREE_PERCENT_MIN)",
        };
    }
}
