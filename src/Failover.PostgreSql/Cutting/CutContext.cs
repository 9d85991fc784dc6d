namespace Failover.PostgreSql.Cutting;

/// <summary>What the connections to one node share.</summary>
internal sealed record CutContext(string Node, TimeProvider Time, CutSettings Settings, INodeWitness Witness);
