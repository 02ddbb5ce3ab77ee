namespace LogPilot.Agent.Declarations;

/// <summary>
/// Rules for the stack traces of a language by its name, so that nobody has to write a pattern. Each line that matches goes
/// on with the record before it. A line is looked at by itself, so what can stand at the start of a trace as well as inside
/// one, as <c>Traceback</c> or the name of an exception does, belongs to the line that was logged before it: that is how
/// loggers write traces. No pattern looks around or back, so that none can take long.
/// </summary>
internal static class MultilinePreset
{
    /// <summary>What an owner can choose from, for fixes.</summary>
    public const string Known = "java, python, go, dotnet, ruby, php, node";

    // Spring and Go write an empty line inside of a trace.
    private const string Blank = @"\s*$";
    private const string Indented = @"\s";

    // Loggers may indent the level of a new record by blanks, but not by a tab.
    private const string Tab = @"\t";

    private static readonly MultilineRule Java = Of(
        "java",
        Blank,
        Tab,
        @"\s+(?:eval )?at \S",
        @"\s*\.\.\. \d+ (?:more|common frames omitted|filtered)",
        @"\s*(?:Caused by|Suppressed|Wrapped by): ",
        @"\s*\[CIRCULAR REFERENCE",
        @"\s*nested exception is:",
        @"\s+(?:java\.lang\.Thread\.State: |- (?:locked|waiting|parking|eliminated))",
        // java.lang.IllegalStateException: text, as loggers write it below their own line.
        @"(?:[a-z_]\w*\.)+[A-Z][\w$.]*(?:Exception|Error|Throwable|Failure|Death)(?:: |:?\s*$)");

    private static readonly MultilineRule Python = Of(
        "python",
        Blank,
        Indented,
        @"Traceback \(most recent call last\):",
        @"Stack \(most recent call last\):",
        @"The above exception was the direct cause of the following exception:",
        @"During handling of the above exception, another exception occurred:",
        @"Call stack:\s*$",
        @"future: <",
        // ValueError: text. A bare Error: or Warning: is more often a line of its own.
        @"(?:[A-Z]\w*(?:Error|Exception|Warning|Expired)|KeyboardInterrupt|SystemExit|GeneratorExit"
            + @"|Stop(?:Async)?Iteration|(?:Base)?ExceptionGroup)(?:: |:?\s*$)",
        // requests.exceptions.Timeout: text, socket.gaierror: text
        @"(?:[A-Za-z_]\w*\.)+(?:[A-Z]\w*|\w*error|timeout)(?:: |:?\s*$)");

    private static readonly MultilineRule Go = Of(
        "go",
        Blank,
        Indented,
        @"\[signal ",
        @"\[originating from goroutine",
        @"goroutine \d+ (?:\w+=\S+ )*\[",
        @"runtime stack:\s*$",
        @"created by ",
        @"exit status \d+\s*$",
        // main.(*T).f(0xc000012345, {0x1, 0x2?}, ...)
        @"(?:[^\s:(]+\.)[^\s:]*\([0-9a-fx?_{}., ]*\)\s*$",
        @"panic\([0-9a-fx?_{}., ]*\)\s*$",
        // The program counter and registers after a fatal signal.
        @"PC=0x",
        @"(?:r\w{1,2}|e?flags|rflags|[cfg]s|trap|error|oldmask|sp|pc|lr|fault) +0x[0-9a-f]+\s*$",
        // main.run, above its indented file, as zap and pkg/errors write frames.
        @"(?:[\w.~%-]+/)*[\w~%-]+\.(?:\(\*?\w+(?:\[\.\.\.\])?\)\.)?[A-Za-z_]\w*(?:\[\.\.\.\])?(?:\.func\d+(?:\.\d+)*|\.gowrap\d+|-fm)?\s*$");

    private static readonly MultilineRule DotNet = Of(
        "dotnet",
        Blank,
        Indented,
        @"---> ",
        @"--- End of ",
        @"<---\s*$",
        @"Repeat(?:ed)? \d+ times:",
        @"-{16,}\s*$",
        // What SqlException adds behind its trace.
        @"(?:ClientConnectionId:|Error Number:)",
        // System.Net.Sockets.SocketException (111): text
        @"(?:[A-Za-z_]\w*\.)+[\w+`]*(?:Exception|Error)(?:`\d+\[.*\])?(?: \((?:0x)?[0-9A-Fa-f]+\))?(?:: |:?\s*$)");

    private static readonly MultilineRule Ruby = Of(
        "ruby",
        Blank,
        Tab,
        // Rails indents records by two blanks, so fewer than the four of a quoted line of code say nothing.
        @"\s{4,}\S",
        @"\s*(?:from )?\S+:\d+:in [`'""]",
        @"\s*\.\.\. \d+ levels\.\.\.",
        @"\s+[~^]+\s*$",
        @"Did you mean\?",
        @"Causes:\s*$");

    private static readonly MultilineRule Php = Of(
        "php",
        Blank,
        @"Stack trace:",
        @"#\d+ (?:.*\(\d+\)|\[internal function\]|\{main\})",
        @"\s+thrown in ",
        // The exception that the one before it caused.
        @"Next (?:[\w\\]+\\\w+|\w*(?:Exception|Error))(?:: | in )",
        // Xdebug.
        @"(?:\[[^\]]+\] )?PHP\s+(?:Stack trace:|\d+\. )",
        // Monolog.
        @"\[(?:stacktrace|previous exception)\]",
        @"""\}");

    // Error: text starts a record: console.error writes it so, again and again.
    private static readonly MultilineRule Node = Of(
        "node",
        Indented,
        Blank,
        @"[}\])]+[,;]?\s*$",
        @"Node\.js v\d");

    /// <summary>Null if there is no preset of that name, whose case does not count.</summary>
    public static MultilineRule? Find(string name) => name.ToLowerInvariant() switch
    {
        "java" => Java,
        "python" => Python,
        "go" => Go,
        "dotnet" => DotNet,
        "ruby" => Ruby,
        "php" => Php,
        "node" => Node,
        _ => null,
    };

    private static MultilineRule Of(string preset, params string[] continuations)
        => new($"^(?:{string.Join('|', continuations)})") { Preset = preset };
}
