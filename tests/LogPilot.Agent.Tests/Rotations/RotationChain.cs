using System.Globalization;

namespace LogPilot.Agent.Tests.Rotations;

/// <summary>The rotated files of a log, as logrotate and the Docker Engine name, compress and delete them.</summary>
internal sealed class RotationChain(LogDirectory files, WorldOptions world)
{
    private readonly string _log = world.LogName;
    private readonly List<string> _dated = [];
    private Action? _finishCompression;

    /// <summary>Makes room for one more rotated file.</summary>
    /// <returns>Its name; null if there is a rotated file of the same date.</returns>
    public string? MakeRoom()
    {
        FinishCompression();
        if (world.DateFormat is not null)
        {
            return MakeRoomForDate();
        }

        if (world.Compression == CompressionKind.Delayed && files.Find($"{_log}.1") is not null)
        {
            files.Compress($"{_log}.1")();
        }

        for (var number = world.RotatedMax; number > 0; number--)
        {
            Shift(number, "");
            Shift(number, ".gz");
        }

        return $"{_log}.1";
    }

    /// <summary>A file was rotated to this name.</summary>
    public void Rotated(string name)
    {
        if (world.Compression == CompressionKind.AtOnce)
        {
            _finishCompression = files.Compress(name);
        }
    }

    public void FinishCompression()
    {
        _finishCompression?.Invoke();
        _finishCompression = null;
    }

    private void Shift(int number, string extension)
    {
        var name = $"{_log}.{number}{extension}";
        if (files.Find(name) is null)
        {
            return;
        }

        if (number == world.RotatedMax)
        {
            files.Delete(name);
        }
        else
        {
            files.Rename(name, $"{_log}.{number + 1}{extension}");
        }
    }

    private string? MakeRoomForDate()
    {
        var date = files.Time.GetUtcNow().ToString(world.DateFormat, CultureInfo.InvariantCulture);
        var name = $"{_log}-{date}";
        if (_dated.Contains(name))
        {
            return null;
        }

        if (world.Compression == CompressionKind.Delayed && _dated is [.., var last] && files.Find(last) is not null)
        {
            files.Compress(last)();
        }

        if (_dated.Count == world.RotatedMax)
        {
            files.Delete(files.Find(_dated[0]) is null ? _dated[0] + ".gz" : _dated[0]);
            _dated.RemoveAt(0);
        }

        _dated.Add(name);
        return name;
    }
}
