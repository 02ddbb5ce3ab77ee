using System.Globalization;
using System.Text.Json;
using LogPilot.Agent.Containers.Watch;

namespace LogPilot.Agent.Containers.Cri;

/// <summary>What an answer of the Container Runtime Interface says about one container.</summary>
internal static class CriContainer
{
    /// <summary>In place of a log driver, of which the interface has one.</summary>
    public const string LogDriver = "cri";

    /// <param name="message"><c>ContainerStatusResponse { ContainerStatus status = 1; map&lt;string, string&gt; info = 2; }</c></param>
    /// <exception cref="InvalidDataException">It is none, or has no container.</exception>
    /// <exception cref="JsonException">What the runtime says of itself is no JSON.</exception>
    public static ContainerInspection Read(ReadOnlySpan<byte> message)
    {
        ReadOnlySpan<byte> status = default, info = default;
        var response = new ProtobufReader(message);
        while (response.Read())
        {
            if (response.Field == 1)
            {
                status = response.Bytes;
            }
            else if (response.Field == 2 && ReadEntry(response.Bytes, out var value) == "info")
            {
                info = value;
            }
        }

        return ReadStatus(status, CriInfo.Read(info));
    }

    /// <summary>The name that kubelet gave containers of Docker, so that documents have the same one behind every runtime.</summary>
    /// <param name="container">A message about it.</param>
    /// <param name="metadataField">Where that has <c>ContainerMetadata { string name = 1; uint32 attempt = 2; }</c>.</param>
    /// <param name="labelsField">Where that has the labels.</param>
    public static string NameOf(ReadOnlySpan<byte> container, int metadataField, int labelsField)
    {
        var (name, attempt) = ("", 0ul);
        var labels = new Dictionary<string, string>();
        var fields = new ProtobufReader(container);
        while (fields.Read())
        {
            if (fields.Field == metadataField)
            {
                (name, attempt) = ReadMetadata(fields.Bytes);
            }
            else if (fields.Field == labelsField)
            {
                ReadEntry(fields.Bytes, labels);
            }
        }

        return string.Create(
            CultureInfo.InvariantCulture, $"k8s_{name}_{Label("pod.name")}_{Label("pod.namespace")}_{Label("pod.uid")}_{attempt}");

        string Label(string key) => labels.GetValueOrDefault($"io.kubernetes.{key}", "");
    }

    /// <summary><c>ContainerState</c>: created, running, exited, and unknown, of which files may grow yet.</summary>
    public static ContainerState StateOf(ulong state) => state switch
    {
        0 => ContainerState.Created,
        2 => ContainerState.Ended,
        _ => ContainerState.Running,
    };

    private static ContainerInspection ReadStatus(ReadOnlySpan<byte> status, CriInfo info)
    {
        var (id, image, logPath) = ("", "", "");
        var (state, started, finished) = (0ul, 0ul, 0ul);
        var labels = new Dictionary<string, string>();
        var mounts = new List<ContainerMount>();
        var fields = new ProtobufReader(status);
        while (fields.Read())
        {
            switch (fields.Field)
            {
                case 1:
                    id = fields.Text;
                    break;
                case 3:
                    state = fields.Number;
                    break;
                case 5:
                    started = fields.Number;
                    break;
                case 6:
                    finished = fields.Number;
                    break;
                case 8:
                    image = TextOf(fields.Bytes, field: 1);
                    break;
                case 12:
                    ReadEntry(fields.Bytes, labels);
                    break;
                case 14:
                    // Mount { string container_path = 1; string host_path = 2; }
                    mounts.Add(new ContainerMount(CriInfo.Bind, TextOf(fields.Bytes, field: 2), TextOf(fields.Bytes, field: 1)));
                    break;
                case 15:
                    logPath = fields.Text;
                    break;
            }
        }

        if (id.Length == 0)
        {
            throw new InvalidDataException("the answer has no container.");
        }

        var snapshot = new ContainerSnapshot
        {
            Id = id,
            Name = NameOf(status, metadataField: 2, labelsField: 12),
            Image = image,
            Labels = labels,
            Env = info.Env,
            Mounts = info.Mounts.Count > 0 ? info.Mounts : mounts,
            LogDriver = LogDriver,
            LogPath = logPath,
            State = StateOf(state),
        };
        return new ContainerInspection(
            snapshot, started.ToString(CultureInfo.InvariantCulture), finished.ToString(CultureInfo.InvariantCulture));
    }

    private static (string Name, ulong Attempt) ReadMetadata(ReadOnlySpan<byte> message)
    {
        var attempt = 0ul;
        var fields = new ProtobufReader(message);
        while (fields.Read())
        {
            attempt = fields.Field == 2 ? fields.Number : attempt;
        }

        return (TextOf(message, field: 1), attempt);
    }

    private static string TextOf(ReadOnlySpan<byte> message, int field)
    {
        var text = "";
        var fields = new ProtobufReader(message);
        while (fields.Read())
        {
            text = fields.Field == field ? fields.Text : text;
        }

        return text;
    }

    private static void ReadEntry(ReadOnlySpan<byte> entry, Dictionary<string, string> map)
    {
        var key = ReadEntry(entry, out _);
        map[key] = TextOf(entry, field: 2);
    }

    private static string ReadEntry(ReadOnlySpan<byte> entry, out ReadOnlySpan<byte> value)
    {
        value = default;
        var fields = new ProtobufReader(entry);
        while (fields.Read())
        {
            value = fields.Field == 2 ? fields.Bytes : value;
        }

        return TextOf(entry, field: 1);
    }
}
