namespace Failover;

/// <summary>What a store answers to who asks for a lease.</summary>
public sealed record LeaseAnswer
{
    private LeaseAnswer()
    {
    }

    /// <summary>Gets the grant; null if another holds the lease.</summary>
    public LeaseGrant? Grant { get; private init; }

    /// <summary>Gets who holds it, where it was not granted and the store tells.</summary>
    public string? Holder { get; private init; }

    /// <summary>Gets in how long the lease runs out if its holder is not heard of, as far as the store can tell; null if it cannot.</summary>
    public TimeSpan? RetryAfter { get; private init; }

    /// <summary>The lease is granted.</summary>
    public static LeaseAnswer Granted(LeaseGrant grant)
    {
        ArgumentNullException.ThrowIfNull(grant);
        return new() { Grant = grant };
    }

    /// <summary>Another holds it.</summary>
    /// <param name="holder">Who, where the store tells.</param>
    /// <param name="retryAfter">In how long it runs out, where the store can tell.</param>
    public static LeaseAnswer Held(string? holder, TimeSpan? retryAfter) => new() { Holder = holder, RetryAfter = retryAfter };
}
