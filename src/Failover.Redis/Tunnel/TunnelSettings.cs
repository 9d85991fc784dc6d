using Failover.Redis.Resp;

namespace Failover.Redis.Tunnel;

/// <summary>What a tunnel is made with.</summary>
/// <param name="Access">How connections are made secure, and with which credentials; asked for each.</param>
/// <param name="HoldLimit">How long commands may wait at most, beside their own time.</param>
internal sealed record TunnelSettings(RespAccess Access, TimeSpan HoldLimit);
