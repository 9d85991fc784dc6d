namespace Failover.Redis.Tunnel;

/// <summary>How a tunnel stands, for people.</summary>
/// <param name="Mode">How connections are moved away from a node.</param>
/// <param name="IsHeld">Whether new connections wait.</param>
/// <param name="Waiting">How many do.</param>
/// <param name="Links">How many are there.</param>
/// <param name="Handoffs">How many connections were told that their server moves.</param>
/// <param name="Taken">How many of these moved by themselves.</param>
internal sealed record TunnelState(TunnelMode Mode, bool IsHeld, int Waiting, int Links, int Handoffs, int Taken);
