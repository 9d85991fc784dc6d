namespace Failover.Keepalived.Publishing;

/// <summary>What stands about the credit in the settings.</summary>
/// <param name="IsPreferred">Whether this node has the higher priority.</param>
/// <param name="Switchback">What happens when the preferred node is fit again.</param>
/// <param name="PeerGrace">How long a node that starts waits to hear its peer, which may have the address.</param>
/// <param name="HoldDown">How long it must have been fit before it takes the address back by itself.</param>
internal sealed record ConductSettings(bool IsPreferred, SwitchbackMode Switchback, TimeSpan HoldDown, TimeSpan PeerGrace);
