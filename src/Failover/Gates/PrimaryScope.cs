namespace Failover;

/// <summary>The time in which this process is the primary. Act only inside it; dispose of it to hand over at once. Safe for any thread.</summary>
public abstract class PrimaryScope : IAsyncDisposable
{
    /// <summary>
    /// Gets the fencing token: it grows with each primary, within <see cref="Lineage"/>. Send it along with every act, to a resource that refuses a lower one. Null for a gate that has none, as that over a virtual address: then nothing
    /// outside can tell a former primary from the present one.
    /// </summary>
    public abstract long? Token { get; }

    /// <summary>Gets what the token belongs to; null where there is none.</summary>
    public abstract string? Lineage { get; }

    /// <summary>Gets a token that is cancelled when this process is the primary no longer, or the scope is disposed of.</summary>
    public abstract CancellationToken Lost { get; }

    /// <summary>
    /// Gets whether this process is the primary at this instant. Ask it right before each act: it goes by the clock, also in a process that was paused and has not come to cancel <see cref="Lost"/> yet.
    /// </summary>
    public abstract bool IsPrimary { get; }

    /// <summary>Does nothing if this process is the primary.</summary>
    /// <exception cref="OperationCanceledException">It is the primary no longer.</exception>
    public void ThrowIfNotPrimary()
    {
        if (!IsPrimary)
        {
            throw new OperationCanceledException("This process is the primary no longer.", Lost);
        }
    }

    /// <summary>Hands over: returns when it was told, so that the next may begin. A second call does nothing.</summary>
    public abstract ValueTask DisposeAsync();
}
