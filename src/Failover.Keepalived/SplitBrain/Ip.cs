namespace Failover.Keepalived.SplitBrain;

/// <summary>Numbers of IPv4 and IPv6.</summary>
internal static class Ip
{
    internal const ushort EtherType4 = 0x0800;
    internal const ushort EtherType6 = 0x86dd;
    internal const int HeaderLength4 = 20;
    internal const int HeaderLength6 = 40;

    /// <summary>A time to live, or hop limit, that nothing has which came through a router.</summary>
    internal const byte LongestWay = 255;
}
