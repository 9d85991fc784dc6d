namespace Failover.Keepalived.Publishing;

/// <summary>What stands about the credit in the settings.</summary>
/// <param name="IsPreferred">Whether this node has the higher priority.</param>
/// <param name="TakesBack">Whether the preferred node that is fit again takes the address back by itself.</param>
/// <param name="HoldDown">How long it must have been fit before that.</param>
/// <param name="PeerGrace">How long a node that starts waits to hear its peer, which may have the address.</param>
internal sealed record ConductSettings(bool IsPreferred, bool TakesBack, TimeSpan HoldDown, TimeSpan PeerGrace);
