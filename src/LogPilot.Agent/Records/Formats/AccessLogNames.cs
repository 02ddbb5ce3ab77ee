namespace LogPilot.Agent.Records.Formats;

/// <summary>What the fields of an access log are called, and with that what kind of values they have.</summary>
internal sealed record AccessLogNames
{
    /// <summary>Those of fluentd's <c>nginx</c>, with two that are ours: <see cref="Vhost"/> and <see cref="Extra"/>.</summary>
    public static readonly AccessLogNames Nginx = new()
    {
        Vhost = "vhost",
        Client = "remote",
        Second = "host",
        User = "user",
        Time = "time",
        Method = "method",
        Path = "path",
        Code = "code",
        Size = "size",
        Referer = "referer",
        Agent = "agent",
        ForwardedFor = "http_x_forwarded_for",
        Extra = "extra",
    };

    /// <summary>Those of fluentd's <c>apache2</c>, which leaves the second word, the identity of RFC 1413, out.</summary>
    public static readonly AccessLogNames Apache2 = Nginx with { Client = "host", Second = null, ForwardedFor = null };

    /// <summary>
    /// Those of the Elastic Common Schema, whose types refuse texts that are no numbers. It has no names for the value of
    /// <c>X-Forwarded-For</c>, which may be a list, for the text of the time and for what is left: these are labels.
    /// </summary>
    public static readonly AccessLogNames Ecs = new()
    {
        Vhost = "server.address",
        Client = "source.address",
        Second = "url.domain",
        User = "user.name",
        Time = "labels.time",
        Method = "http.request.method",
        Path = "url.original",
        Code = "http.response.status_code",
        Size = "http.response.body.bytes",
        Referer = "http.request.referrer",
        Agent = "user_agent.original",
        ForwardedFor = "labels.http_x_forwarded_for",
        Extra = "labels.extra",
        IsStrict = true,
    };

    public required string Vhost { get; init; }

    public required string Client { get; init; }

    /// <summary>Of the second word: nginx's own log format has a dash there, others the host that was asked for.</summary>
    public required string? Second { get; init; }

    public required string User { get; init; }

    public required string Time { get; init; }

    public required string Method { get; init; }

    public required string Path { get; init; }

    public required string Code { get; init; }

    public required string Size { get; init; }

    public required string Referer { get; init; }

    public required string Agent { get; init; }

    public required string? ForwardedFor { get; init; }

    public required string Extra { get; init; }

    /// <summary>Code and size are numbers, and what is absent or a dash is left out, whichever server wrote it.</summary>
    public bool IsStrict { get; init; }

    /// <summary>The same, with other names for those that fields of the agent have, such as a tag <c>code</c>.</summary>
    public AccessLogNames Beside(FieldNames names) => this with
    {
        Vhost = names.OfDeclared(Vhost),
        Client = names.OfDeclared(Client),
        Second = Second is null ? null : names.OfDeclared(Second),
        User = names.OfDeclared(User),
        Time = names.OfDeclared(Time),
        Method = names.OfDeclared(Method),
        Path = names.OfDeclared(Path),
        Code = names.OfDeclared(Code),
        Size = names.OfDeclared(Size),
        Referer = names.OfDeclared(Referer),
        Agent = names.OfDeclared(Agent),
        ForwardedFor = ForwardedFor is null ? null : names.OfDeclared(ForwardedFor),
        Extra = names.OfDeclared(Extra),
    };
}
