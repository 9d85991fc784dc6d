using System.Diagnostics.CodeAnalysis;

namespace Failover;

/// <summary>A granted right to act, renewed by its arbiter until it is disposed of or lost.</summary>
[Experimental("FAILOVER001")]
public interface ILease : IAsyncDisposable
{
    /// <summary>Gets the fencing token: it grows with each grant of the same resource, so that what a former holder still does can be told from the newer.</summary>
    long Token { get; }

    /// <summary>Gets a token that is cancelled when the lease is lost, at the latest when its time has run out on this host's own clock.</summary>
    CancellationToken Lost { get; }
}
