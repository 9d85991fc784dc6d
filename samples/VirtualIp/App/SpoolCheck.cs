using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace VirtualIp.App;

/// <summary>This app keeps what it was sent in a folder of its node: where that cannot be written, it can do nothing.</summary>
internal sealed class SpoolCheck(string folder) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder, ".check"), "", cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return HealthCheckResult.Unhealthy("the spool cannot be written", exception);
        }
    }
}
