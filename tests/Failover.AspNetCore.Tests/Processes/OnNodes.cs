namespace Failover.AspNetCore.Tests.Processes;

/// <summary>The tests that start nodes as processes of their own and need no database: one after the other, beside those of <see cref="Servers.ServersTests"/>.</summary>
[CollectionDefinition("Nodes")]
public sealed class OnNodes;
