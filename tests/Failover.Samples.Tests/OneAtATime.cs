namespace Failover.Samples.Tests;

/// <summary>The samples that want a processor for themselves.</summary>
[CollectionDefinition(nameof(Sample))]
public sealed class OneAtATime;
