namespace Failover;

/// <summary>
/// A granted right to act, renewed by its arbiter until it is disposed of or lost. Disposing of it gives it back, so that the next holder need not wait until it runs out: dispose of it when nothing is done under it any more, of one that was lost too.
/// Safe for any thread.
/// </summary>
public interface ILease : IAsyncDisposable
{
    /// <summary>
    /// Gets the fencing token: within <see cref="Lineage"/> it grows with each grant of the same resource, so that what a former holder still does can be told from the newer. Send it along with every act; a resource that can compare refuses one
    /// that is lower than the highest it has seen.
    /// </summary>
    long Token { get; }

    /// <summary>Gets what the token belongs to: the arbiter's cluster. After the arbiter's data was lost and begun anew it is another one, and tokens of the two cannot be compared.</summary>
    string Lineage { get; }

    /// <summary>
    /// Gets whether the lease is held at this instant, by this host's own clocks: without any network, and also in a process that was paused and has not yet come to run its timers. Ask it right before each act. What happens between the
    /// answer and the act's arrival only the resource can judge, by the token.
    /// </summary>
    bool IsValid { get; }

    /// <summary>
    /// Gets a token that is cancelled when the lease is lost or given back, at the latest when its time has run out on this host's own clocks. It is cancelled before another may get the lease: by <see cref="LeaseOptions.Margin"/>, if the host is
    /// not paused.
    /// </summary>
    CancellationToken Lost { get; }
}
