using Xunit;

namespace Failover.TestServers.Dns;

/// <summary>A test on real name servers. Skipped where a program is missing; with <c>CI=true</c> it runs, and fails saying what is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NameServerFactAttribute : FactAttribute
{
    /// <summary>Initializes a test on name servers.</summary>
    public NameServerFactAttribute() => Skip = RequiredServer.SkipReason(NameServer.Programs);
}
