using System.Diagnostics.CodeAnalysis;

namespace Failover.DnsSwitching;

/// <summary>Reads and changes names at their authority. For any thread. It throws for nothing that the authority or the network does.</summary>
[Experimental("FAILOVER001")]
public interface IDnsProvider : IAsyncDisposable
{
    /// <summary>Gets the kind of provider: <c>rfc2136</c>.</summary>
    string Name { get; }

    /// <summary>Gets which one it is, for people: <c>192.0.2.53:53, zone example.com</c>. Never a secret.</summary>
    string Where { get; }

    /// <summary>Reads a name at its authority, past every cache.</summary>
    /// <param name="name">The name.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    ValueTask<DnsRead> ReadAsync(string name, CancellationToken cancellationToken);

    /// <summary>
    /// Makes one change, values and owner at once, if the name still looks as it did: of two that race one wins. It sends the change once, and reads what came of it;
    /// where the answer was lost it reads, too, and says <see cref="DnsOutcome.AlreadyThere"/> if the change is there. It may be called again with the same change: what was done before is not done twice.
    /// </summary>
    /// <param name="change">The change.</param>
    /// <param name="cancellationToken">Ends the wait. A change that is on its way may then be done all the same.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled before anything was sent; afterwards the outcome is <see cref="DnsOutcome.Unknown"/>.</exception>
    ValueTask<DnsOutcome> ApplyAsync(DnsChange change, CancellationToken cancellationToken);

    /// <summary>Proves, as far as it can without changing anything, that a change of a name would be let through: reach, key, clock, grant.</summary>
    /// <param name="name">The name.</param>
    /// <param name="values">All that it may be given: a grant may be for some kinds only.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Null if it would; else <see cref="DnsOutcome.Denied"/>, <see cref="DnsOutcome.Throttled"/> or <see cref="DnsOutcome.Failed"/>.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    ValueTask<DnsOutcome?> ProbeAsync(string name, DnsValues values, CancellationToken cancellationToken);
}
