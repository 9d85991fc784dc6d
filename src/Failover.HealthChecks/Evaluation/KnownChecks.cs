using System.Collections.Frozen;

namespace Failover.HealthChecks.Evaluation;

/// <summary>Checks of others that look at nothing but this node, by the names of their types: they bear no tag that says so.</summary>
internal static class KnownChecks
{
    // AspNetCore.HealthChecks.System (github.com/Xabaril/AspNetCore.Diagnostics.HealthChecks), Microsoft.Extensions.Diagnostics.HealthChecks.Common and …ResourceUtilization (github.com/dotnet/extensions).
    private static readonly FrozenSet<string> Local = new[]
    {
        "DiskStorageHealthCheck", "FolderHealthCheck", "FileHealthCheck", "MaximumValueHealthCheck`1", "ProcessAllocatedMemoryHealthCheck", "ProcessHealthCheck", "WindowsServiceHealthCheck",
        "ApplicationLifecycleHealthCheck", "ManualHealthCheckService", "ResourceUtilizationHealthCheck",
    }.ToFrozenSet(StringComparer.Ordinal);

    internal static bool AreLocal(Type kind) => Local.Contains(kind.Name);
}
