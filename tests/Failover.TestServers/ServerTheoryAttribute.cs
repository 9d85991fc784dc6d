using Xunit;

namespace Failover.TestServers;

/// <summary>A theory that needs real servers. Skipped where a program is missing; with <c>CI=true</c> it runs, and fails saying what is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ServerTheoryAttribute : TheoryAttribute
{
    /// <summary>Initializes a theory that needs these programs.</summary>
    public ServerTheoryAttribute(params string[] programs)
    {
        Programs = programs;
        Skip = RequiredServer.SkipReason(programs);
    }

    /// <summary>Gets the programs that the theory starts.</summary>
    public IReadOnlyList<string> Programs { get; }
}
