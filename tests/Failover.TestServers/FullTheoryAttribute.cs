using Xunit;

namespace Failover.TestServers;

/// <summary>A theory too long for every run: skipped unless <c>./test.sh --full</c> asked for it.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FullTheoryAttribute : TheoryAttribute
{
    /// <summary>Initializes a long theory.</summary>
    public FullTheoryAttribute() => Skip = FullRun.SkipReason(Environment.GetEnvironmentVariable("FAILOVER_FULL"));
}
