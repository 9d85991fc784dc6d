namespace Failover.PostgreSql.Cutting;

/// <summary>The node of the connection was left. An <see cref="IOException"/>, so that Npgsql calls it transient and empties the node's pool.</summary>
internal sealed class NodeLeftException(string node)
    : IOException($"{node} was left: its connections are cut, and it takes no new ones until it proves fit again.");
