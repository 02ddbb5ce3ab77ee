namespace LogPilot.Agent.Lines;

/// <summary>Whose meaning the anchors of an expression have. In both a dot is any character but a newline.</summary>
internal enum RegexDialect
{
    /// <summary>
    /// Of <c>format: regexp</c>, which fluentd reads: <c>^</c> and <c>$</c> are the start and the end of each line of a record.
    /// </summary>
    Ruby,

    /// <summary>Of Filebeat's options, such as those of multi-line: <c>^</c> and <c>$</c> are the start and the end of the text.</summary>
    Go,
}
