using System.Diagnostics.CodeAnalysis;

namespace Failover;

/// <summary>Something that may know earlier than the next probe: an etcd watch, Sentinel's messages, a REST page.</summary>
[Experimental("FAILOVER001")]
public interface IHintSource
{
    /// <summary>
    /// Tells hints until the token is cancelled. An enumeration that ends or throws is started again, with a growing pause (1 second to 30 seconds).
    /// </summary>
    /// <param name="cancellationToken">Cancelled when the group stops.</param>
    IAsyncEnumerable<Hint> ReadHintsAsync(CancellationToken cancellationToken);
}
