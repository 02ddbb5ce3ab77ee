using System.Buffers.Binary;
using LogPilot.Linux;

namespace LogPilot.Agent.Tracking;

/// <summary>The checkpoints of all files, in one memory-mapped file that grows and whose slots are used again.</summary>
/// <remarks>
/// <code>
///    0  4096  header: magic "LOGPILOT" 8, version 4, slot bytes 4, then the agent's status
/// 4096   512  slot 0
/// 4608   512  slot 1 …
/// </code>
/// A store into the mapping outlives the process at once, and the machine after the next <see cref="Sync"/>. What a power cut
/// takes back are acknowledgements, so it costs replays, never lines.
/// </remarks>
internal sealed class CheckpointFile : IDisposable
{
    public const string FileName = "checkpoints";
    public const int HeaderBytes = 4096;

    // 2 knows files by their content, too; what 1 has left is a slot that does not say.
    private const uint Version = 2;
    private const uint OldestVersion = 1;
    private const int StatusOffset = 16;
    private const int CopyTriesMax = 200;
    private const uint TouchSeconds = 3600;
    private const int GrowthBytes = 128 * CheckpointSlot.Bytes;

    // A file that has not been met for so long will not be met again; its slot serves another.
    private static readonly TimeSpan Retention = TimeSpan.FromDays(14);

    private readonly MappedFile _file;
    private readonly Dictionary<UInt128, int> _slots = [];
    private readonly Stack<int> _free = [];
    private readonly HashSet<int> _open = [];
    private readonly Dictionary<ulong, List<int>> _chains = [];

    private CheckpointFile(MappedFile file) => _file = file;

    /// <summary>No earlier agent has left anything: nothing is known of any file.</summary>
    public bool IsNew { get; private init; }

    /// <summary>Slots of which no copy was whole when the file was opened.</summary>
    public int DamagedSlots { get; private set; }

    public int Count => _slots.Count;

    /// <summary>The part of the header that belongs to the agent's status.</summary>
    public Span<byte> Status => _file.Bytes[StatusOffset..HeaderBytes];

    private static ReadOnlySpan<byte> Magic => "LOGPILOT"u8;

    /// <summary>Opens the file for the one agent that may write it.</summary>
    /// <exception cref="CheckpointException">The directory cannot be used; the message names the cause and the fix.</exception>
    public static CheckpointFile Open(string directory, DateTimeOffset now)
    {
        var path = Path.Combine(directory, FileName);
        try
        {
            Directory.CreateDirectory(directory);
            var mapped = MappedFile.TryOpenExclusive(path, HeaderBytes + GrowthBytes)
                ?? throw new CheckpointException(
                    $"another agent is running with the state directory {directory}: stop it, or set LOGPILOT_STATE_DIR to another directory");
            return Open(mapped, path, now);
        }
        catch (Exception failure) when (failure is LinuxException or IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException(
                $"the state directory {directory} cannot be used: {failure.Message}; make it writable, free space, or set LOGPILOT_STATE_DIR to another directory");
        }
    }

    /// <summary>Finds the slot of a key, or takes a free one.</summary>
    /// <param name="checkpoint">What it holds; all zeros for a new one, but for its chain.</param>
    /// <param name="chain">Where <see cref="SlotsOf"/> finds it from now on.</param>
    /// <returns>The slot, or -1 if it is open already.</returns>
    /// <exception cref="IOException">There is no space for another slot.</exception>
    public int Take(UInt128 key, DateTimeOffset now, out Checkpoint checkpoint, ulong chain = 0)
    {
        if (_slots.TryGetValue(key, out var slot))
        {
            checkpoint = Read(slot);
            if (!_open.Add(slot))
            {
                return -1;
            }

            RemoveFromChain(slot, checkpoint.Chain);
            checkpoint = checkpoint with { SeenAt = SecondsOf(now), Chain = chain };
        }
        else
        {
            checkpoint = new Checkpoint { Key = key, SeenAt = SecondsOf(now), Chain = chain };
            slot = Assign(key);
            _open.Add(slot);
        }

        AddToChain(slot, chain);
        Write(slot, checkpoint);
        return slot;
    }

    /// <summary>Finds a checkpoint without opening it, and keeps it from being forgotten.</summary>
    public bool TryRead(UInt128 key, DateTimeOffset now, out Checkpoint checkpoint)
    {
        checkpoint = default;
        if (!_slots.TryGetValue(key, out var slot))
        {
            return false;
        }

        checkpoint = Read(slot);
        if (SecondsOf(now) - checkpoint.SeenAt > TouchSeconds)
        {
            Write(slot, checkpoint with { SeenAt = SecondsOf(now) });
        }

        return true;
    }

    /// <summary>The slot of a key, open or not.</summary>
    public int? Find(UInt128 key) => _slots.TryGetValue(key, out var slot) ? slot : null;

    /// <summary>The slots of a chain.</summary>
    public IReadOnlyList<int> SlotsOf(ulong chain) => _chains.TryGetValue(chain, out var slots) ? slots : [];

    public Checkpoint Read(int slot) =>
        CheckpointSlot.TryRead(SlotBytes(slot), out var checkpoint)
            ? checkpoint
            : throw new InvalidOperationException($"slot {slot} was whole when it was opened and is not now");

    /// <summary>Writes what a slot holds to one of another key, which is not open then.</summary>
    /// <param name="cutFrom">As <see cref="Checkpoint.CutFrom"/>; a copy of a copy was cut from the same file.</param>
    /// <exception cref="IOException">There is no space for another slot.</exception>
    public void Copy(int slot, UInt128 key, uint? cutFrom)
    {
        var checkpoint = Read(slot);
        checkpoint = checkpoint with { Key = key, CutFrom = cutFrom ?? checkpoint.CutFrom };
        var copy = Assign(key);
        AddToChain(copy, checkpoint.Chain);
        Write(copy, checkpoint);
    }

    /// <summary>Gives the slot of a file back that may be met again.</summary>
    public void Release(int slot) => _open.Remove(slot);

    /// <summary>Gives the slot of a file back that is gone for ever.</summary>
    public void Free(int slot, UInt128 key)
    {
        RemoveFromChain(slot, Read(slot).Chain);
        CheckpointSlot.Free(SlotBytes(slot));
        _open.Remove(slot);
        _slots.Remove(key);
        _free.Push(slot);
    }

    public void Write(int slot, in Checkpoint checkpoint) => CheckpointSlot.Write(SlotBytes(slot), checkpoint);

    /// <summary>The bytes of a slot. Do not keep them: the file may grow.</summary>
    public Span<byte> SlotBytes(int slot) =>
        _file.Bytes.Slice(HeaderBytes + (slot * CheckpointSlot.Bytes), CheckpointSlot.Bytes);

    /// <summary>Returns when everything written before is on the disk. May run on another thread than the writer's.</summary>
    /// <exception cref="IOException">The disk has failed.</exception>
    public void Sync() => _file.Sync();

    public void Dispose() => _file.Dispose();

    /// <summary>Reads every checkpoint of a file that a running or stopped agent has left.</summary>
    /// <exception cref="CheckpointException">There is none, or it is of another version.</exception>
    public static CheckpointDump ReadAll(string directory)
    {
        var path = Path.Combine(directory, FileName);
        try
        {
            using var mapped = MappedFile.OpenShared(path);
            CheckHeader(mapped.Bytes, path);
            var entries = new List<(Checkpoint Checkpoint, SlotLabel Label)>();
            var slot = new byte[CheckpointSlot.Bytes];
            for (var offset = HeaderBytes; offset + CheckpointSlot.Bytes <= mapped.Length; offset += CheckpointSlot.Bytes)
            {
                CopySlot(mapped.Bytes.Slice(offset, CheckpointSlot.Bytes), slot);
                if (CheckpointSlot.TryRead(slot, out var checkpoint))
                {
                    entries.Add((checkpoint, CheckpointSlot.ReadLabel(slot)));
                }
            }

            return new CheckpointDump(mapped.IsLocked, CopyStatus(mapped.Bytes[StatusOffset..HeaderBytes]), entries);
        }
        catch (LinuxException failure)
        {
            throw new CheckpointException(
                $"{failure.Message}: no agent has run with this state directory; set LOGPILOT_STATE_DIR as the agent has it");
        }
    }

    // The agent may write while this reads. It leaves one of the two copies alone, but in the time of a copy it may write to both.
    private static void CopySlot(ReadOnlySpan<byte> live, Span<byte> slot)
    {
        for (var tries = 0; tries < CopyTriesMax; tries++)
        {
            live.CopyTo(slot);
            if (!CheckpointSlot.IsDamaged(slot))
            {
                return;
            }
        }
    }

    private static byte[] CopyStatus(ReadOnlySpan<byte> live)
    {
        // The writer may have lost its core in the middle.
        var wait = new SpinWait();
        var status = new byte[live.Length];
        for (var tries = 0; tries < CopyTriesMax; tries++)
        {
            // The number is read before and behind the copy, which may take its bytes in any order.
            var sequence = AgentStatus.SequenceOf(live);
            Interlocked.MemoryBarrier();
            live.CopyTo(status);
            Interlocked.MemoryBarrier();
            if (sequence % 2 == 0 && AgentStatus.SequenceOf(live) == sequence)
            {
                break;
            }

            wait.SpinOnce();
        }

        return status;
    }

    private static CheckpointFile Open(MappedFile mapped, string path, DateTimeOffset now)
    {
        try
        {
            var isNew = !mapped.Bytes[..16].ContainsAnyExcept((byte)0);
            if (isNew)
            {
                Magic.CopyTo(mapped.Bytes);
                BinaryPrimitives.WriteUInt32LittleEndian(mapped.Bytes[8..], Version);
                BinaryPrimitives.WriteUInt32LittleEndian(mapped.Bytes[12..], CheckpointSlot.Bytes);
            }

            CheckHeader(mapped.Bytes, path);
            BinaryPrimitives.WriteUInt32LittleEndian(mapped.Bytes[8..], Version);
            var file = new CheckpointFile(mapped) { IsNew = isNew };
            file.ReadSlots(now);
            return file;
        }
        catch
        {
            mapped.Dispose();
            throw;
        }
    }

    private static void CheckHeader(ReadOnlySpan<byte> header, string path)
    {
        if (header.Length < HeaderBytes || !header.StartsWith(Magic))
        {
            throw new CheckpointException($"{path} is no checkpoint file: move it away to start with none");
        }

        var version = BinaryPrimitives.ReadUInt32LittleEndian(header[8..]);
        if (version is < OldestVersion or > Version || BinaryPrimitives.ReadUInt32LittleEndian(header[12..]) != CheckpointSlot.Bytes)
        {
            throw new CheckpointException(
                $"{path} has version {version}, this agent knows {Version}: run the agent that wrote it, or move it away to start with none");
        }
    }

    private void ReadSlots(DateTimeOffset now)
    {
        var oldest = SecondsOf(now - Retention);
        for (var slot = SlotCount - 1; slot >= 0; slot--)
        {
            var bytes = SlotBytes(slot);
            if (!CheckpointSlot.TryRead(bytes, out var checkpoint))
            {
                if (CheckpointSlot.IsDamaged(bytes))
                {
                    // It is said once: what it held is gone.
                    DamagedSlots++;
                    CheckpointSlot.Free(bytes);
                }

                _free.Push(slot);
            }
            else if (checkpoint.SeenAt < oldest || !_slots.TryAdd(checkpoint.Key, slot))
            {
                CheckpointSlot.Free(bytes);
                _free.Push(slot);
            }
            else
            {
                AddToChain(slot, checkpoint.Chain);
            }
        }
    }

    private int SlotCount => (_file.Length - HeaderBytes) / CheckpointSlot.Bytes;

    private int Assign(UInt128 key)
    {
        var slot = _free.TryPop(out var free) ? free : Grow();
        _slots.Add(key, slot);
        return slot;
    }

    private void AddToChain(int slot, ulong chain)
    {
        if (!_chains.TryGetValue(chain, out var slots))
        {
            _chains.Add(chain, slots = []);
        }

        slots.Add(slot);
    }

    private void RemoveFromChain(int slot, ulong chain)
    {
        if (_chains.TryGetValue(chain, out var slots) && slots.Remove(slot) && slots.Count == 0)
        {
            _chains.Remove(chain);
        }
    }

    private int Grow()
    {
        var first = SlotCount;
        _file.Grow(_file.Length + GrowthBytes);
        for (var slot = SlotCount - 1; slot > first; slot--)
        {
            _free.Push(slot);
        }

        return first;
    }

    private static uint SecondsOf(DateTimeOffset time) => (uint)time.ToUnixTimeSeconds();
}

/// <summary>The content of a checkpoint file at one moment.</summary>
/// <param name="IsLive">The agent that writes the file is running.</param>
/// <param name="Status">The part of the header that belongs to the agent's status.</param>
internal sealed record CheckpointDump(bool IsLive, byte[] Status, IReadOnlyList<(Checkpoint Checkpoint, SlotLabel Label)> Entries);

/// <summary>The checkpoint file cannot be used; the message says why and what to do, and is meant for the user.</summary>
internal sealed class CheckpointException(string message) : Exception(message);
