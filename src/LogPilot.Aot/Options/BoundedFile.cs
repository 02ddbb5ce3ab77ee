namespace LogPilot.Aot.Options;

/// <summary>Reads the small files that hold a value, a secret or a certificate.</summary>
internal static class BoundedFile
{
    /// <summary>More than any bundle of authorities, and little enough to hold at start.</summary>
    private const int CharsMax = 1024 * 1024;

    /// <summary>The text of the file, or null and the reason, which never holds any of the text.</summary>
    public static string? TryRead(string path, out string reason)
    {
        reason = "";
        try
        {
            if (Directory.Exists(path))
            {
                reason = "is a directory";
                return null;
            }

            // Counted while reading, since the length of a device or of a file in /proc says nothing.
            using var reader = new StreamReader(path);
            var buffer = new char[CharsMax + 1];
            var length = reader.ReadBlock(buffer);
            if (length <= CharsMax)
            {
                return new string(buffer, 0, length);
            }

            reason = "is larger than 1 MiB";
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            reason = "does not exist";
        }
        catch (UnauthorizedAccessException)
        {
            reason = "may not be read by this user";
        }
        catch (IOException exception)
        {
            reason = $"cannot be read ({exception.Message})";
        }

        return null;
    }
}
