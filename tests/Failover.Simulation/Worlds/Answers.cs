namespace Failover.Simulation.Worlds;

/// <summary>What a server says when it is asked.</summary>
internal static class Answers
{
    private const int FurthestLie = 3;

    internal static ProbeResult Of(Node node, World world)
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
            return ProbeResult.Failure("status 503");
        }

        (MemberRole role, Epoch? epoch) = world.Cluster is { } cluster ? Told(node, cluster, world) : default;
        return node.Draining
            ? ProbeResult.Draining("about to leave") with { Role = role, Epoch = epoch }
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
