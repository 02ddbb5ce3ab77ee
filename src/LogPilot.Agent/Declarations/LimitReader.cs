using System.Diagnostics.CodeAnalysis;

namespace LogPilot.Agent.Declarations;

/// <summary>Reads <c>max_bytes</c>, where longer lines are cut.</summary>
internal static class LimitReader
{
    /// <param name="lineBytesMax">Null if the log declares none; the agent's own limit is not exceeded whatever it is.</param>
    public static bool TryRead(DeclaredLog log, out int? lineBytesMax, [NotNullWhen(false)] out DeclarationError? error)
    {
        lineBytesMax = null;
        error = null;
        if (!log.Properties.TryGetValue(DeclarationProperty.MaxBytes, out var declared))
        {
            return true;
        }

        if (!SizeText.TryParse(declared.Trim(), out var bytes) || bytes < 1)
        {
            error = log.Error(
                $"in log {log.PrintedName}: max_bytes error: {PrintedText.Of(declared)} is not a valid size",
                "use a number of bytes from 1, such as 65536, 64KiB or 10MB");
            return false;
        }

        lineBytesMax = (int)Math.Min(bytes, int.MaxValue);
        return true;
    }
}
