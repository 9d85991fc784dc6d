using Failover.Keepalived.SplitBrain;
using Failover.Keepalived.Watching;
using Microsoft.Extensions.Logging;

namespace Failover.Keepalived.Sites;

/// <summary>What a site is made of.</summary>
internal sealed record SiteParts
{
    internal required IFailoverHealth Health { get; init; }

    internal required IPeerClaims Peers { get; init; }

    internal required IForeignHolders Foreign { get; init; }

    /// <summary>Read what keepalived writes, for all sites of the app.</summary>
    internal required FifoReaders Fifos { get; init; }

    internal required IArbiter? Arbiter { get; init; }

    /// <summary>Gives the settings in force of the group.</summary>
    internal required Func<GroupOptions> Group { get; init; }

    /// <summary>Whether the group is pinned: then nothing moves by itself.</summary>
    internal required Func<bool> IsPinned { get; init; }

    internal required TimeProvider Time { get; init; }

    internal required ILogger Logger { get; init; }
}
