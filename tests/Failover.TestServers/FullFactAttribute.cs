using Xunit;

namespace Failover.TestServers;

/// <summary>A test too long for every run: skipped unless <c>./test.sh --full</c> asked for it.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FullFactAttribute : FactAttribute
{
    /// <summary>Initializes a long test.</summary>
    public FullFactAttribute() => Skip = FullRun.SkipReason(Environment.GetEnvironmentVariable("FAILOVER_FULL"));
}
