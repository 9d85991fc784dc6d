using Xunit;

namespace Failover.TestServers;

/// <summary>A test that needs real servers. Skipped where a program is missing; with <c>CI=true</c> it runs, and fails saying what is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ServerFactAttribute : FactAttribute
{
    /// <summary>Initializes a test that needs these programs.</summary>
    public ServerFactAttribute(params string[] programs)
    {
        Programs = programs;
        Skip = RequiredServer.SkipReason(programs);
    }

    /// <summary>Gets the programs that the test starts.</summary>
    public IReadOnlyList<string> Programs { get; }
}
