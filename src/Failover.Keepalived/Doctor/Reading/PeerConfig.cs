namespace Failover.Keepalived.Doctor.Reading;

/// <summary>The configuration of the other node.</summary>
internal sealed class PeerConfig(ConfigTree tree)
{
    private readonly VrrpInstance[] _instances = [.. tree.All("vrrp_instance").Select(line => new VrrpInstance(line, tree))];

    /// <summary>The instance that is elected together with one of this node: that of its number, or of its name; null if there is none.</summary>
    internal VrrpInstance? InstanceLike(VrrpInstance own) =>
        _instances.FirstOrDefault(one => one.Name == own.Name) ?? _instances.FirstOrDefault(one => one.Line.Last("virtual_router_id")?.Value == own.Line.Last("virtual_router_id")?.Value);
}
