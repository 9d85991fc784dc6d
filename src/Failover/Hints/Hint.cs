namespace Failover;

/// <summary>A word from outside. A hint makes a group look earlier, or wait; it never elects.</summary>
public sealed record Hint
{
    /// <summary>Initializes a hint.</summary>
    /// <param name="kind">What the hint asks for.</param>
    /// <param name="source">Who said so: «patroni-rest», «sentinel»; for logs.</param>
    public Hint(HintKind kind, string source)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(source);
        Kind = kind;
        Source = source;
    }

    /// <summary>Gets what the hint asks for.</summary>
    public HintKind Kind { get; }

    /// <summary>Gets who said so.</summary>
    public string Source { get; }

    /// <summary>Gets the member that the hint is about; null means all.</summary>
    public FailoverMember? Member { get; init; }

    /// <summary>Gets how long a <see cref="HintKind.Hold"/> may last.</summary>
    /// <value>
    /// The default is 5 seconds; more than 30 seconds count as 30. Holds that follow each other last 30 seconds together, from the first on, until a primary has proven itself anew, or none has lasted or been asked for during 30 seconds.
    /// </value>
    public TimeSpan HoldFor { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Gets the epoch to which a <em>quorum</em> binds <see cref="Member"/>, for servers that cannot tell their own epoch (Redis). Only a quorum's word
    /// may be put here. Members bound to, or proving, a lower epoch of the lineage are no longer taken as primary; the bound member still has to prove its role itself.
    /// </summary>
    public Epoch? QuorumEpoch { get; init; }
}
