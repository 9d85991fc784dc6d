namespace Failover.PostgreSql.Cutting;

/// <summary>One connection was cut. No <see cref="IOException"/>: Npgsql would empty the pool of a node that may be well.</summary>
internal sealed class ConnectionCutException(string node, bool timeUp)
    : Exception(timeUp ? $"The call's time was up, and {node} did not answer: the connection was cut." : $"The connection to {node} was cut at the call's deadline.");
