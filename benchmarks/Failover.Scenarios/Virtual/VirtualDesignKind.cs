using Failover.TestServers.Virtual;

namespace Failover.Scenarios.Virtual;

/// <summary>A way in which keepalived learns whether a node is fit.</summary>
/// <param name="Name">What the rows call it.</param>
/// <param name="Design">What the site calls it.</param>
internal sealed record VirtualDesignKind(string Name, VirtualDesign Design)
{
    internal const string Ours = "failover";

    internal static readonly IReadOnlyList<VirtualDesignKind> All =
    [
        new(Ours, VirtualDesign.Failover),
        new("classic", VirtualDesign.Classic),
        new("script-1s", VirtualDesign.ScriptEachSecond),
    ];

    internal bool IsOurs => Name == Ours;
}
