using Xunit;

namespace Failover.TestServers.Dns;

/// <summary>A theory on real name servers: <c>[ClassData(typeof(EachNameServer))]</c> runs it on each. Skipped where a program is missing; with <c>CI=true</c> it runs, and fails saying what is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NameServerTheoryAttribute : TheoryAttribute
{
    /// <summary>Initializes a theory on name servers.</summary>
    public NameServerTheoryAttribute() => Skip = RequiredServer.SkipReason(NameServer.Programs);
}
