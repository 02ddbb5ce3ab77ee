using System.Globalization;

namespace LogPilot.Aot.Options;

/// <summary>Reads typed values of known variables and gathers what is wrong with them, so that all errors are seen at once.</summary>
internal sealed class VariableReader(IReadOnlyDictionary<string, string> environment)
{
    /// <summary>Enough to recognise a value by; a whole certificate pasted by mistake would hide the message.</summary>
    private const int ShownCharsMax = 100;

    private readonly Dictionary<string, string?> _files = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, string> Environment => environment;

    public List<string> Errors { get; } = [];
    public List<string> Warnings { get; } = [];
    public List<string> Notices { get; } = [];

    /// <summary>The value without surrounding white space; null if it is not set or empty, which log-pilot did not tell apart.</summary>
    public string? Text(string name)
    {
        var value = Raw(name)?.Trim();
        return string.IsNullOrEmpty(value) ? null : value;
    }

    /// <summary>The value as it is, since white space may be part of a password; null if it is not set or empty.</summary>
    public string? Secret(string name) => Raw(name);

    public bool Flag(string name)
    {
        var fallback = ValueText.ParseFlag(EnvironmentVariables.Get(name).Default)!.Value;
        if (Text(name) is not { } text)
        {
            return fallback;
        }

        if (ValueText.ParseFlag(text) is { } value)
        {
            return value;
        }

        Reject(name, text, "is neither true nor false");
        return fallback;
    }

    /// <summary>The chosen value in lower case; what is none of the choices is rejected.</summary>
    public string Choice(string name)
    {
        var variable = EnvironmentVariables.Get(name);
        if (Text(name) is not { } text)
        {
            return variable.Default;
        }

        var lower = text.ToLowerInvariant();
        if (variable.Choices.Contains(lower))
        {
            return lower;
        }

        Reject(name, text, $"is none of {variable.Values}");
        return variable.Default;
    }

    public long Number(string name)
    {
        var variable = EnvironmentVariables.Get(name);
        return InRange(variable, ParseNumber, "is not a whole number");
    }

    /// <summary>A size in bytes.</summary>
    public long Size(string name)
    {
        var variable = EnvironmentVariables.Get(name);
        return InRange(variable, ParseSize, "is not a size such as 65536, 64KiB or 1MiB");
    }

    public TimeSpan Duration(string name)
    {
        var variable = EnvironmentVariables.Get(name);
        return InRange(variable, ParseDuration, "is not a duration such as 200ms, 5s, 2m or 1h");
    }

    /// <summary>An absolute path without a slash at its end, or null.</summary>
    public string? AbsolutePath(string name)
    {
        if (Text(name) is not { } path)
        {
            return null;
        }

        if (path.StartsWith('/'))
        {
            return Path.TrimEndingDirectorySeparator(path);
        }

        Reject(name, path, "is not an absolute path; begin it with /");
        return null;
    }

    /// <summary>An absolute path of a PEM file that can be read, or null.</summary>
    public string? PemFile(string name)
    {
        if (Text(name) is { } text && text.StartsWith("-----BEGIN", StringComparison.Ordinal))
        {
            // The text may be a key, so it is not shown.
            Errors.Add($"{Source(name)}: holds PEM text where a path belongs; set {name} to the path of the file");
            return null;
        }

        if (AbsolutePath(name) is not { } path)
        {
            return null;
        }

        if (BoundedFile.TryRead(path, out var reason) is not { } content)
        {
            Reject(name, path, $"{reason}; mount the file or correct the path");
            return null;
        }

        if (!content.Contains("-----BEGIN", StringComparison.Ordinal))
        {
            Reject(name, path, "is not a PEM file; convert it (it must contain a line -----BEGIN ...-----)");
            return null;
        }

        return path;
    }

    /// <summary>Records that this value of a variable cannot be used, and what to do instead.</summary>
    public void Reject(string name, string value, string fix) =>
        Errors.Add($"{Source(name)}: '{Shown(value)}' {fix}");

    /// <summary>The name under which the value was set: the variable itself or its <c>_FILE</c> form.</summary>
    public string Source(string name) =>
        IsSet(name) || !IsSet(name + EnvironmentVariables.FileSuffix) ? name : name + EnvironmentVariables.FileSuffix;

    public bool IsSet(string name) => environment.TryGetValue(name, out var value) && value.Length > 0;

    /// <summary>A value fit for one line of a log.</summary>
    public static string Shown(string value)
    {
        var shown = value.Length > ShownCharsMax ? string.Concat(value.AsSpan(0, ShownCharsMax), "...") : value;
        return string.Create(shown.Length, shown, static (span, text) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = char.IsControl(text[i]) ? '?' : text[i];
            }
        });
    }

    /// <summary>Takes one line end away, which editors and <c>echo</c> add and no one means.</summary>
    public static string TrimLineEnd(string text)
    {
        var withoutFeed = text.EndsWith('\n') ? text[..^1] : text;
        return withoutFeed.Length < text.Length && withoutFeed.EndsWith('\r') ? withoutFeed[..^1] : withoutFeed;
    }

    private string? Raw(string name)
    {
        if (IsSet(name))
        {
            return environment[name];
        }

        var fileName = name + EnvironmentVariables.FileSuffix;
        if (!IsSet(fileName))
        {
            return null;
        }

        // Read once: a value that is asked for twice must not report its missing file twice.
        if (!_files.TryGetValue(name, out var content))
        {
            _files[name] = content = ReadFile(fileName);
        }

        return content;
    }

    private string? ReadFile(string fileName)
    {
        var path = environment[fileName].Trim();
        if (BoundedFile.TryRead(path, out var reason) is not { } content)
        {
            Reject(fileName, path, $"{reason}; mount the file or correct the path");
            return null;
        }

        return TrimLineEnd(content) is { Length: > 0 } text ? text : null;
    }

    private T InRange<T>(EnvironmentVariable variable, Func<string, T?> parse, string fix)
        where T : struct, IComparable<T>
    {
        var fallback = parse(variable.Default)!.Value;
        if (Text(variable.Name) is not { } text)
        {
            return fallback;
        }

        if (parse(text) is not { } value)
        {
            Reject(variable.Name, text, fix);
            return fallback;
        }

        if (value.CompareTo(parse(variable.Minimum)!.Value) >= 0 && value.CompareTo(parse(variable.Maximum)!.Value) <= 0)
        {
            return value;
        }

        Reject(variable.Name, text, string.Create(
            CultureInfo.InvariantCulture, $"is out of range; it must be from {variable.Minimum} to {variable.Maximum}"));
        return fallback;
    }

    private static long? ParseNumber(string text) => ValueText.TryParseNumber(text, out var value) ? value : null;

    private static long? ParseSize(string text) => ValueText.TryParseSize(text, out var value) ? value : null;

    private static TimeSpan? ParseDuration(string text) => ValueText.TryParseDuration(text, out var value) ? value : null;
}
