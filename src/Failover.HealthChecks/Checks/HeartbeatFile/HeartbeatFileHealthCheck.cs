using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Failover.HealthChecks.Checks.HeartbeatFile;

/// <summary>Looks how old a heartbeat is that somebody else writes.</summary>
internal sealed class HeartbeatFileHealthCheck(string path, HeartbeatFileCheckOptions options, TimeProvider time) : IHealthCheck
{
    private readonly OneAtATime _runs = new();

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        _runs.RunAsync(_ => Task.FromResult(Look(context)), cancellationToken);

    private HealthCheckResult Look(HealthCheckContext context)
    {
        try
        {
            DateTimeOffset at = Heartbeat.Read(path, options.ReadContent);
            TimeSpan age = time.GetUtcNow() - at;
            Dictionary<string, object> data = new()
            {
                ["ageSeconds"] = Math.Round(age.TotalSeconds, 1),
                ["at"] = at.ToUniversalTime(),
            };
            return Heartbeat.Judge(age, options).ToResult(context, data);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException)
        {
            return new(context.Registration.FailureStatus, "the heartbeat cannot be read", exception);
        }
    }
}
