using System.Runtime.CompilerServices;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Failover.HealthChecks.Registration;

/// <summary>
/// Takes the periods of registrations over. .NET's own service for publishers gives each group of checks with the same period a report of its own, with no other check in it; without periods it publishes one full report.
/// </summary>
/// <remarks>
/// A registration is one object for all options that are made of it, and for all containers that are built of one service collection: who comes first finds the period, all others what was kept of it.
/// </remarks>
internal sealed class OwnPeriods : IPostConfigureOptions<HealthCheckServiceOptions>
{
    private static readonly ConditionalWeakTable<HealthCheckRegistration, object> Periods = [];

    public void PostConfigure(string? name, HealthCheckServiceOptions options)
    {
        foreach (HealthCheckRegistration registration in options.Registrations)
        {
            if (registration.Period is { } period)
            {
                Periods.AddOrUpdate(registration, period);
            }

            registration.Period = null;
            registration.Delay = null;
        }
    }

    internal static TimeSpan? Of(HealthCheckRegistration registration) => Periods.TryGetValue(registration, out object? period) ? (TimeSpan)period : null;
}
