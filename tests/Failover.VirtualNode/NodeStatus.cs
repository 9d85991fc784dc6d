using Failover.Keepalived;

namespace Failover.VirtualNode;

/// <summary>How a node stands, for a test.</summary>
/// <param name="Verdicts">Its health.</param>
/// <param name="Site">What it knows of the virtual address; null if it does not drive keepalived.</param>
/// <param name="Group">What it takes the two nodes for; null as well.</param>
/// <param name="Moves">The switchovers that it has seen.</param>
internal sealed record NodeStatus(HealthVerdicts Verdicts, VrrpSnapshot? Site, NodeGroup? Group, IReadOnlyList<NodeMove> Moves)
{
    internal static NodeStatus Of(IServiceProvider services)
    {
        KeepalivedSite? site = services.GetService<NodeMoves>() is null ? null : services.GetRequiredKeyedService<KeepalivedSite>(NodeApp.Site);
        return new(
            services.GetRequiredService<IFailoverHealth>().Verdicts,
            site?.Snapshot,
            site is null ? null : NodeGroup.Of(site.Group.Snapshot),
            [.. services.GetService<NodeMoves>()?.Seen.Select(NodeMove.Of) ?? []]);
    }
}

/// <summary>A group, for a test.</summary>
internal sealed record NodeGroup(string? Active, string? Desired, GroupCondition Condition, string? Reason, IReadOnlyDictionary<string, Verdict> Members)
{
    internal static NodeGroup Of(GroupSnapshot group) => new(group.Active?.Name, group.Desired?.Name, group.Condition, group.Reason, group.Members.ToDictionary(static one => one.Member.Name, static one => one.Verdict));
}

/// <summary>A switchover, for a test.</summary>
internal sealed record NodeMove(SwitchoverCause Cause, SwitchoverOutcome Outcome, string? From, string To, bool IsFinal, string? Evidence)
{
    internal static NodeMove Of(Switchover told) => new(told.Cause, told.Outcome, told.From?.Name, told.To.Name, told.IsFinal, told.Evidence);
}
