namespace LogPilot.Agent.Declarations;

/// <summary>An absolute path as it was declared, cleaned without asking a file system, and split at its last part.</summary>
/// <param name="Declared">The path as it was written.</param>
/// <param name="Directory">Absolute, without <c>.</c>, <c>..</c> and empty parts; may hold wildcards.</param>
/// <param name="File">The last part; empty only for the root directory itself.</param>
internal sealed record DeclaredPath(string Declared, string Directory, string File)
{
    /// <summary>The directory and the file together.</summary>
    public string Whole => Below(Directory, File);

    /// <summary>
    /// Splits an absolute path. With a slash at its end, <c>/logs/</c>, it means the file <c>logs</c> in the directory
    /// <c>/logs</c>: so log-pilot reads it.
    /// </summary>
    public static DeclaredPath Parse(string declared)
    {
        var clean = Clean(declared);
        var slash = clean.LastIndexOf('/');
        var file = clean[(slash + 1)..];
        var directory = declared.EndsWith('/') ? clean : ParentOf(clean);
        return new DeclaredPath(declared, directory, file);
    }

    /// <summary>The shortest path of the same meaning, absolute, where <c>..</c> above the root is dropped.</summary>
    public static string Clean(string path)
    {
        var parts = new List<string>();
        foreach (var part in path.Split('/'))
        {
            if (part == ".." && parts.Count > 0)
            {
                parts.RemoveAt(parts.Count - 1);
            }
            else if (part is not ("" or "." or ".."))
            {
                parts.Add(part);
            }
        }

        return "/" + string.Join('/', parts);
    }

    /// <summary>The directory that holds a clean path; the root holds itself.</summary>
    public static string ParentOf(string path)
    {
        var slash = path.LastIndexOf('/');
        return slash <= 0 ? "/" : path[..slash];
    }

    public static string Below(string directory, string file) => directory == "/" ? "/" + file : $"{directory}/{file}";
}
