namespace Failover.TestServers.Sentinel;

/// <summary>What a sentinel knows.</summary>
/// <param name="MasterPort">Which node it takes for the master.</param>
/// <param name="Epoch">The config epoch that it binds to that.</param>
/// <param name="Flags">What it thinks of the master: <c>master</c> if it is well, else <c>master,s_down,o_down</c> and the like.</param>
/// <param name="OtherSentinels">How many sentinels it knows beside itself.</param>
/// <param name="Replicas">The ports of the replicas that it knows, and what it thinks of each: <c>slave</c> if it is well.</param>
public sealed record SentinelView(int MasterPort, int Epoch, string Flags, int OtherSentinels, IReadOnlyList<(int Port, string Flags)> Replicas)
{
    /// <summary>Says all of it in one line.</summary>
    public override string ToString() => $"master {MasterPort} ({Flags}) at epoch {Epoch}, {OtherSentinels} others, replicas {string.Join(", ", Replicas)}";
}
