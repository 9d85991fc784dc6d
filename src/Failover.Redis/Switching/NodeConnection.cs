using Failover.Redis.Resp;
using Failover.Redis.Sets;

namespace Failover.Redis.Switching;

/// <summary>A connection to a node, and where it leads.</summary>
internal sealed record NodeConnection(HostAndPort Address, RespConnection Connection);
