namespace Failover.Scenarios.Servers;

/// <summary>What a server answers to.</summary>
internal static class ServerPaths
{
    internal const string Health = "/health";

    internal const string Work = "/work";

    internal const string Orders = "/orders";

    /// <summary>The header that names a call, so that an order that is executed twice is seen.</summary>
    internal const string CallHeader = "X-Call";

    /// <summary>The header in which a server says who it is.</summary>
    internal const string ServerHeader = "X-Server";
}
