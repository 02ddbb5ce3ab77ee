using LogPilot.Agent.Containers;

namespace LogPilot.Agent.Records;

/// <summary>What is said of a container in its documents.</summary>
internal static class ContainerMetadata
{
    // Each is in every document, and the container chooses how long it is. The index template does not index longer ones either.
    private const int ValueCharsMax = 1024;

    private const string AccessLabelPrefix = "com.aliyun.access.";

    public static string App(ContainerSnapshot container) =>
        FirstLabel(container, "com.docker.stack.namespace", "com.docker.compose.project");

    public static string Service(ContainerSnapshot container) =>
        FirstLabel(container, "com.docker.swarm.service.name", "com.docker.compose.service");

    public static string Pod(ContainerSnapshot container) => FirstLabel(container, "io.kubernetes.pod.name");

    public static string PodNamespace(ContainerSnapshot container) => FirstLabel(container, "io.kubernetes.pod.namespace");

    public static string PodUid(ContainerSnapshot container) => FirstLabel(container, "io.kubernetes.pod.uid");

    public static string ContainerOfPod(ContainerSnapshot container) => FirstLabel(container, "io.kubernetes.container.name");

    /// <summary>The labels <c>com.aliyun.access.*</c>, as <c>com_aliyun_access_*</c>.</summary>
    public static void AddAccessLabels(FieldList fields, ContainerSnapshot container)
    {
        foreach (var label in container.Labels)
        {
            if (label.Key.StartsWith(AccessLabelPrefix, StringComparison.Ordinal))
            {
                fields.AddText(label.Key.Replace('.', '_'), label.Value);
            }
        }
    }

    /// <summary>The labels and variables that were asked for, as <c>docker_label_*</c> and <c>docker_env_*</c>.</summary>
    public static void AddChosen(FieldList fields, ContainerSnapshot container, MetadataOptions options)
    {
        foreach (var name in options.Labels)
        {
            fields.AddText($"docker_label_{FieldName(name)}", Cut(FirstLabel(container, name)));
        }

        foreach (var name in options.Env)
        {
            fields.AddText($"docker_env_{FieldName(name)}", Cut(Variable(container, name)));
        }
    }

    /// <summary>What is no letter, digit, <c>_</c> or <c>-</c> becomes <c>_</c>: a dot would make an object of the field.</summary>
    public static string FieldName(string name)
    {
        var field = name.ToCharArray();
        for (var i = 0; i < field.Length; i++)
        {
            field[i] = char.IsLetterOrDigit(field[i]) || field[i] == '-' ? field[i] : '_';
        }

        return new string(field);
    }

    private static string FirstLabel(ContainerSnapshot container, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (container.Labels.TryGetValue(name, out var value) && value.Length > 0)
            {
                return value;
            }
        }

        return "";
    }

    // The last one counts, as it does for the container's process.
    private static string Variable(ContainerSnapshot container, string name)
    {
        for (var i = container.Env.Count - 1; i >= 0; i--)
        {
            var entry = container.Env[i];
            if (entry.StartsWith(name, StringComparison.Ordinal) && entry.Length > name.Length && entry[name.Length] == '=')
            {
                return entry[(name.Length + 1)..];
            }
        }

        return "";
    }

    private static string Cut(string value) =>
        value.Length <= ValueCharsMax
            ? value
            : value[..(char.IsHighSurrogate(value[ValueCharsMax - 1]) ? ValueCharsMax - 1 : ValueCharsMax)];
}
