using System.Runtime.CompilerServices;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Failover.HealthChecks.Registration;

/// <summary>
/// Takes the periods of registrations over. .NET's own service for publishers gives each group of checks with the same period a report of its own, with no other check in it; without periods it publishes one full report.
/// </summary>
internal sealed class OwnPeriods : IPostConfigureOptions<HealthCheckServiceOptions>
{
    private readonly ConditionalWeakTable<HealthCheckRegistration, object> _periods = [];

    public void PostConfigure(string? name, HealthCheckServiceOptions options)
    {
        foreach (HealthCheckRegistration registration in options.Registrations)
        {
            if (registration.Period is { } period)
            {
                _periods.AddOrUpdate(registration, period);
            }

            registration.Period = null;
            registration.Delay = null;
        }
    }

    internal TimeSpan? Of(HealthCheckRegistration registration) => _periods.TryGetValue(registration, out object? period) ? (TimeSpan)period : null;
}
