using System.Globalization;

namespace LogPilot.Aot.Tests.Support;

/// <summary>The processes of the machine by their parents.</summary>
internal static class ProcessTree
{
    /// <summary>The processes whose arguments fulfil a condition, and everything below them, the deepest first.</summary>
    public static IReadOnlyList<int> WithDescendants(Func<string, bool> arguments)
    {
        var processes = Read();
        var children = processes.ToLookup(process => process.ParentId, process => process.Id);
        var found = new List<int>();
        var waiting = new Queue<int>(processes.Where(process => arguments(process.Arguments)).Select(process => process.Id));
        while (waiting.TryDequeue(out var id))
        {
            if (!found.Contains(id))
            {
                found.Add(id);
                foreach (var child in children[id])
                {
                    waiting.Enqueue(child);
                }
            }
        }

        found.Reverse();
        return found;
    }

    private static List<(int Id, int ParentId, string Arguments)> Read()
    {
        var processes = new List<(int, int, string)>();
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), out var id) && TryRead(directory, out var parentId, out var arguments))
            {
                processes.Add((id, parentId, arguments));
            }
        }

        return processes;
    }

    /// <summary>False for a process that has ended since the directory was listed, and for a zombie, which nobody can end.</summary>
    private static bool TryRead(string directory, out int parentId, out string arguments)
    {
        (parentId, arguments) = (0, "");
        try
        {
            // PID (NAME) STATE PPID ..., where the name may hold spaces and parentheses.
            var stat = File.ReadAllText(Path.Combine(directory, "stat"));
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            parentId = int.Parse(fields[1], CultureInfo.InvariantCulture);
            arguments = File.ReadAllText(Path.Combine(directory, "cmdline"));
            return fields[0] != "Z";
        }
        catch (IOException)
        {
            return false;
        }
    }
}
