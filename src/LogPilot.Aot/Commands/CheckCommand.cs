using System.Text.Json;
using LogPilot.Agent;
using LogPilot.Agent.Containers;
using LogPilot.Agent.Containers.Watch;
using LogPilot.Agent.Declarations;
using LogPilot.Agent.Shipping;

namespace LogPilot.Aot.Commands;

/// <summary>
/// <c>logpilot check [--json]</c>: shows for every container what is understood and collected, and why not. The agent's own
/// configuration was validated before.
/// </summary>
internal static class CheckCommand
{
    // As wide as the longest title.
    private const int TitleWidth = 18;

    // A regular expression may be this long.
    private const int PrintedLengthMax = 8192;

    /// <returns>1 if a runtime cannot be asked, or a declaration is rejected.</returns>
    public static async Task<int> RunAsync(AgentOptions options, bool json, TextWriter output, TextWriter errors)
    {
        var reader = new DeclarationReader(options.Declarations);
        var owners = new List<CheckedOwner>();
        if (options.HostEnv.Count > 0)
        {
            owners.Add(new CheckedOwner("host", null, reader.ReadHost(options.HostEnv)));
        }

        var failures = new List<string>();
        foreach (var runtime in options.Runtimes)
        {
            try
            {
                await ReadContainersAsync(runtime, reader, owners).ConfigureAwait(false);
            }
            catch (RuntimeException none) when (runtime.IsOptional && none.Fault == RuntimeFault.NotServed)
            {
            }
            catch (RuntimeException unreachable)
            {
                failures.Add(unreachable.Message);
            }
        }

        if (json)
        {
            WriteJson(options, owners, failures, output);
        }
        else
        {
            WriteText(options, owners, output);
        }

        failures.ForEach(failure => errors.WriteLine($"logpilot: {failure}"));

        return failures.Count == 0 && owners.TrueForAll(owner => owner.Declared.Errors.Count == 0)
            ? ExitCode.Done
            : ExitCode.Failed;
    }

    private static async Task ReadContainersAsync(RuntimeOptions options, DeclarationReader reader, List<CheckedOwner> owners)
    {
        using var runtime = RuntimeClients.Create(options);
        await runtime.ConnectAsync(CancellationToken.None).ConfigureAwait(false);
        foreach (var listing in await runtime.ListAsync(CancellationToken.None).ConfigureAwait(false))
        {
            if (await runtime.InspectAsync(listing.Id, CancellationToken.None).ConfigureAwait(false) is { Snapshot: var container })
            {
                owners.Add(new CheckedOwner(container.Name, container, reader.Read(container)));
            }
        }
    }

    private static void WriteText(AgentOptions options, List<CheckedOwner> owners, TextWriter output)
    {
        output.WriteLine($"configuration: ok, output {OutputText(options.Shipping)}, state in {options.Tracking.StateDirectory}, "
            + $"host root {options.Tail.HostRoot}, prefixes {string.Join(", ", options.Declarations.Prefixes)}");
        foreach (var owner in owners)
        {
            output.WriteLine();
            output.WriteLine($"{owner.Name}{(owner.Container is null ? "" : $" ({owner.Container.Id[..12]})")}");
            foreach (var log in owner.Declared.Logs)
            {
                output.WriteLine($"  {Printed(log.Name)}");
                foreach (var (title, text) in CheckedLog.Describe(log, owner.Container, options))
                {
                    output.WriteLine($"    {title,-TitleWidth} {Printed(text)}");
                }
            }

            foreach (var error in owner.Declared.Errors)
            {
                output.WriteLine($"  not collected: {error.Text}");
                output.WriteLine($"    fix: {error.Fix}");
            }

            foreach (var notice in owner.Declared.Notices)
            {
                output.WriteLine($"  note: {notice}");
            }

            if (owner.Declared.IsEmpty)
            {
                output.WriteLine($"  declares no log: set {options.Declarations.Prefixes[0]}_logs_NAME=stdout or a path in its environment");
            }
        }
    }

    private static void WriteJson(AgentOptions options, List<CheckedOwner> owners, List<string> failures, TextWriter output)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("output", OutputText(options.Shipping));
            json.WriteString("state_dir", options.Tracking.StateDirectory);
            json.WriteString("host_root", options.Tail.HostRoot);
            json.WriteString("runtime_error", failures.Count == 0 ? null : string.Join(' ', failures));
            json.WriteStartArray("owners");
            foreach (var owner in owners)
            {
                WriteOwner(options, owner, json);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        output.WriteLine(System.Text.Encoding.UTF8.GetString(buffer.ToArray()));
    }

    private static void WriteOwner(AgentOptions options, CheckedOwner owner, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("container", owner.Name);
        json.WriteString("id", owner.Container?.Id);
        json.WriteStartArray("logs");
        foreach (var log in owner.Declared.Logs)
        {
            json.WriteStartObject();
            CheckedLog.Write(log, owner.Container, options, json);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("errors");
        foreach (var error in owner.Declared.Errors)
        {
            json.WriteStartObject();
            json.WriteString("log", error.Log);
            json.WriteString("text", error.Text);
            json.WriteString("fix", error.Fix);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("notices");
        foreach (var notice in owner.Declared.Notices)
        {
            json.WriteStringValue(notice);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    // Declared text cannot break out of its line.
    private static string Printed(string text) => PrintedText.Of(text, PrintedLengthMax);

    private static string OutputText(ShippingOptions shipping) => shipping.Output == OutputKind.Elasticsearch
        ? $"Elasticsearch at {string.Join(", ", shipping.Elasticsearch.Hosts)}"
        : shipping.Output.ToString().ToLowerInvariant();

    private sealed record CheckedOwner(string Name, ContainerSnapshot? Container, DeclarationSet Declared);
}
