namespace Failover.Aws.Tests;

/// <summary>The tests that ask AWS's own chain, which reads the environment of the process: no other test runs beside them.</summary>
[CollectionDefinition(nameof(OnEnvironment), DisableParallelization = true)]
public sealed class OnEnvironment;
