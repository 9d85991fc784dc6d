namespace Failover.Simulation.Worlds;

/// <summary>What a server says when it is asked.</summary>
internal static class Answers
{
    private const int FurthestLie = 3;

    private static readonly ProbeResult Half = ProbeResult.Failure("the answer breaks off");

    /// <summary>Whether a call takes it for an answer.</summary>
    internal static bool IsGoodForCalls(ProbeResult answer) => answer.Outcome is ProbeOutcome.Succeeded or ProbeOutcome.Draining || ReferenceEquals(answer, Half);

    /// <param name="node">Who answers.</param>
    /// <param name="world">Its world.</param>
    /// <param name="toCall">Whether a call asks, or a probe.</param>
    internal static ProbeResult Of(Node node, World world, bool toCall)
    {
        if (!node.Up)
        {
            return ProbeResult.Failure("connection refused");
        }

        if (node.Lie == Lie.Garbage)
        {
            return ProbeResult.Failure("not an answer");
        }

        if (node.Sick)
        {
            return ProbeResult.Failure("status 503") with { DrainFor = node.RetryAfter };
        }

        if (node.Lie == Lie.Half)
        {
            return Half;
        }

        (MemberRole role, Epoch? epoch) = world.Cluster is { } cluster ? Told(node, cluster, world) : default;
        return (toCall ? node.TellsCalls : node.TellsProbes)
            ? ProbeResult.Draining("about to leave") with { Role = role, Epoch = epoch, DrainFor = node.DrainFor }
            : ProbeResult.Success(role, epoch);
    }

    private static (MemberRole Role, Epoch? Epoch) Told(Node node, Cluster cluster, World world)
    {
        (MemberRole role, long number) = node.Lie switch
        {
            Lie.PrimaryBefore => (MemberRole.Primary, cluster.Number - 1),
            Lie.PrimaryNow => (MemberRole.Primary, cluster.Number),
            Lie.PrimaryAhead => (MemberRole.Primary, cluster.Number + world.Dice.From(1, FurthestLie)),
            Lie.Replica => (MemberRole.Replica, node.Number),
            _ => (node.Role, node.Number),
        };
        if (world.Scenario.Kind != WorldKind.Database)
        {
            return (role, null);
        }

        cluster.WasTold(node.Lineage, number);
        return (role, new Epoch(node.Lineage, number));
    }
}
