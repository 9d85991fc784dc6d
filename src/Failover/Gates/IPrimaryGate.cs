namespace Failover;

/// <summary>
/// Lets one process at a time pass: the primary. <c>AddPrimaryGate("nightly", …)</c> registers one over a lease; inject it with <c>[FromKeyedServices("nightly")] IPrimaryGate</c>. Disposed of with its container it ends the scopes that are left;
/// the next process is let in when those are disposed of, too, or when the lease runs out: who is inside may be in the midst of an act. Safe for any thread.
/// </summary>
public interface IPrimaryGate
{
    /// <summary>Gets the name: what the processes that compete call it alike.</summary>
    string Name { get; }

    /// <summary>Gets how the gate stands now, from what is known here: it asks nobody.</summary>
    PrimaryGateState State { get; }

    /// <summary>
    /// Waits until this process is the primary. Several that wait in one process pass together, and the process stays primary until all of them have disposed of their scopes, or the lease is lost.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait, which has no other limit.</param>
    /// <returns>The scope. Dispose of it to hand over at once.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    /// <exception cref="ObjectDisposedException">The gate was disposed of, with its container.</exception>
    ValueTask<PrimaryScope> WaitForPrimaryAsync(CancellationToken cancellationToken);
}
