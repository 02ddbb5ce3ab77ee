using System.Globalization;

namespace LogPilot.Agent.Tests.Rotations;

/// <summary>As Docker's json-file driver writes and rotates it.</summary>
internal sealed class DockerLog(LogDirectory files, WorldOptions world) : ContainerLog(files, world)
{
    protected override void RotateLive(Rotate action)
    {
        // With max-file=1 there is nothing to rotate to.
        if (World.RotatedMax == 0)
        {
            CutLive();
            return;
        }

        var name = Chain.MakeRoom()!;
        Files.Rename(World.LogName, name);
        Files.Make(World.LogName);
        Chain.Rotated(name);
    }

    protected override string Encode(DateTimeOffset time, string stream, string text, bool endsLine)
    {
        var log = text + (endsLine ? "\\n" : "");
        var at = time.ToString("yyyy-MM-ddTHH:mm:ss.fffffff01Z", CultureInfo.InvariantCulture);
        return $$"""{"log":"{{log}}","stream":"{{stream}}","time":"{{at}}"}""";
    }
}
