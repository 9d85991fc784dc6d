namespace Failover.TestServers;

/// <summary>Tells whether the long matrices were asked for: <c>./test.sh --full</c>.</summary>
public static class FullRun
{
    /// <summary>Gets whether this run includes the long matrices.</summary>
    public static bool IsAsked => SkipReason(Environment.GetEnvironmentVariable("FAILOVER_FULL")) is null;

    internal static string? SkipReason(string? variable) => variable == "1" ? null : "Long; ./test.sh --full runs it.";
}
