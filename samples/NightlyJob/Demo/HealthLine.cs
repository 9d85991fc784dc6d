using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace NightlyJob.Demo;

/// <summary>Says how this server stands by its health check, each time that it is another.</summary>
internal sealed class HealthLine : IHealthCheckPublisher
{
    internal const string Begin = "health ";
    internal const string Primary = "Healthy, primary";
    internal const string Standby = "Healthy, standby of ";

    private string? _told;

    public Task PublishAsync(HealthReport report, CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<string, object> data = report.Entries["nightly"].Data;
        string now = $"{Begin}{report.Status}, {(data["primary"] is true ? "primary" : $"standby of {data.GetValueOrDefault("holder", "nobody that is known")}")}";
        if (now != _told)
        {
            Console.WriteLine(_told = now);
        }

        return Task.CompletedTask;
    }
}
