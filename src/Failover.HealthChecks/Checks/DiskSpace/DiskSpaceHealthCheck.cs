using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Failover.HealthChecks.Checks.DiskSpace;

/// <summary>Looks at one file system. One that hangs is waited for in the background, and not asked a second time meanwhile.</summary>
internal sealed class DiskSpaceHealthCheck(string path, DiskSpaceCheckOptions options, TimeProvider time) : IHealthCheck
{
    private readonly OneAtATime _runs = new();

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        _runs.RunAsync(_ => Task.FromResult(Look(context)), cancellationToken);

    private HealthCheckResult Look(HealthCheckContext context)
    {
        Steps steps = new(time);
        try
        {
            steps.Begin(CheckStep.Look);
            FileSystemUse use = FileSystems.Read(path);
            steps.Data["freeBytes"] = use.FreeBytes;
            steps.Data["freePercent"] = use.FreePercent;
            if (use.Inodes > 0)
            {
                steps.Data["freeInodesPercent"] = use.FreeInodesPercent;
            }

            CheckFinding finding = DiskSpaceRules.Judge(use, options);
            if (finding.Status != HealthStatus.Unhealthy && options.Write)
            {
                steps.Begin(CheckStep.Write);
                ProbeFile.WriteAndReadBack(path);
            }

            steps.End();
            return finding.ToResult(context, steps.Data);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return steps.Threw(context, exception);
        }
    }
}
