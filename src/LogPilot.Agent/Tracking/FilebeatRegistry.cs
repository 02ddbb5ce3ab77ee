using System.Text.Json;
using System.Text.Json.Serialization;
using LogPilot.Agent.Files;
using Microsoft.Extensions.Logging;

namespace LogPilot.Agent.Tracking;

/// <summary>The positions that log-pilot's Filebeat 6 has left in the state directory, so that an upgraded node repeats nothing.</summary>
/// <remarks>
/// A JSON array of <c>{"source","offset","FileStateOS":{"inode","device"}}</c>. An entry counts only for the file that has its inode under its path
/// and is at least that long: a reused inode must not hide lines. Device numbers may have changed, so they do not count.
/// </remarks>
internal sealed class FilebeatRegistry
{
    private const string FileName = "registry";

    private readonly Dictionary<(ulong Inode, string Source), RegistryEntry> _entries = [];

    /// <summary>Reads it if the agent has no checkpoints of its own yet; empty otherwise.</summary>
    public static FilebeatRegistry Read(string stateDirectory, bool isFirstStart, ILogger log)
    {
        var registry = new FilebeatRegistry();
        var path = Path.Combine(stateDirectory, FileName);
        if (!isFirstStart || !File.Exists(path))
        {
            return registry;
        }

        try
        {
            using var stream = File.OpenRead(path);
            foreach (var entry in JsonSerializer.Deserialize(stream, RegistryJson.Default.RegistryEntryArray) ?? [])
            {
                if (entry is { Source: not null, Os: not null, Offset: > 0 })
                {
                    registry._entries[(entry.Os.Inode, entry.Source)] = entry;
                }
            }

            log.RegistryImported(path, registry._entries.Count);
        }
        catch (Exception failure) when (failure is JsonException or IOException or UnauthorizedAccessException)
        {
            log.RegistryUnreadable(path, failure.Message);
        }

        return registry;
    }

    /// <summary>How much of a file the old agent has shipped; zero if it did not know it.</summary>
    public long OffsetOf(TailedFile file)
    {
        if (!_entries.TryGetValue((file.Identity.Inode, file.Path), out var entry))
        {
            return 0;
        }

        return entry.Offset <= file.Content.Measure() ? entry.Offset : 0;
    }
}

/// <summary>One entry of the registry.</summary>
internal sealed record RegistryEntry
{
    [JsonPropertyName("source")]
    public string? Source { get; init; }

    [JsonPropertyName("offset")]
    public long Offset { get; init; }

    [JsonPropertyName("FileStateOS")]
    public RegistryFile? Os { get; init; }
}

/// <summary>The file of an entry.</summary>
internal sealed record RegistryFile
{
    [JsonPropertyName("inode")]
    public ulong Inode { get; init; }
}

[JsonSerializable(typeof(RegistryEntry[]))]
internal sealed partial class RegistryJson : JsonSerializerContext;
