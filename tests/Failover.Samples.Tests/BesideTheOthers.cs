namespace Failover.Samples.Tests;

/// <summary>The samples that wait most of their time.</summary>
[CollectionDefinition("beside the others")]
public sealed class BesideTheOthers;
