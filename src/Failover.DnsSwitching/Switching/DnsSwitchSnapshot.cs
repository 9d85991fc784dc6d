namespace Failover.DnsSwitching;

/// <summary>What is known of a name that is moved, at one instant. Immutable.</summary>
public sealed record DnsSwitchSnapshot
{
    /// <summary>Gets the name.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the provider that holds it, and where: <c>rfc2136 at 192.0.2.53, zone example.com</c>.</summary>
    public required string Provider { get; init; }

    /// <summary>Gets what the authority showed last; null before the first answer.</summary>
    public DnsRecordState? State { get; init; }

    /// <summary>Gets whether a change would be let through, as far as that was proven: by the probe at start, or by the last move.</summary>
    public bool IsProven { get; init; }

    /// <summary>Gets why the name could not be read last; null if it could.</summary>
    public string? ReadProblem { get; init; }

    /// <summary>Gets why it was not moved last, or would not be; null if there is nothing to say.</summary>
    public string? Problem { get; init; }

    /// <summary>Gets when this host moved it last; null if it has not.</summary>
    public DateTimeOffset? LastMove { get; init; }
}
