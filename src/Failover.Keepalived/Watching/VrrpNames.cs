namespace Failover.Keepalived.Watching;

/// <summary>What the things are called that are watched, to know them and to tell of them.</summary>
/// <param name="Instance">The instance.</param>
/// <param name="Address">The virtual address.</param>
/// <param name="Fifo">The path of the FIFO.</param>
/// <param name="Peer">The other node.</param>
internal sealed record VrrpNames(string Instance, string Address, string Fifo, string Peer)
{
    internal static VrrpNames Of(KeepalivedOptions options) => new(options.Instance, options.Address, options.Fifo, options.Peer);
}
