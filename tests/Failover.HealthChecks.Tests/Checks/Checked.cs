using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Failover.HealthChecks.Tests.Checks;

/// <summary>One check as an app registers it, run by hand.</summary>
internal sealed class Checked : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private Checked(ServiceProvider services)
    {
        _services = services;
        Registration = Assert.Single(services.GetRequiredService<IOptions<HealthCheckServiceOptions>>().Value.Registrations);
    }

    internal HealthCheckRegistration Registration { get; }

    internal IServiceProvider Services => _services;

    internal static Checked With(Action<IHealthChecksBuilder> add) => With(add, static _ => { });

    internal static Checked With(Action<IHealthChecksBuilder> add, Action<IServiceCollection> services)
    {
        ServiceCollection all = [];
        all.AddLogging();
        services(all);
        add(all.AddHealthChecks());
        return new(all.BuildServiceProvider(validateScopes: true));
    }

    internal static Checked With(Action<IHealthChecksBuilder> add, TimeProvider time) => With(add, services => services.AddSingleton(time));

    /// <summary>Runs the check with time enough.</summary>
    internal Task<HealthCheckResult> RunAsync() => RunAsync(TimeSpan.FromSeconds(30));

    /// <summary>Runs the check, whose token fires after a time; it must heed that.</summary>
    internal async Task<HealthCheckResult> RunAsync(TimeSpan timeout)
    {
        using CancellationTokenSource limit = new(timeout);
        await using AsyncServiceScope scope = _services.CreateAsyncScope();
        return await Registration.Factory(scope.ServiceProvider).CheckHealthAsync(new HealthCheckContext { Registration = Registration }, limit.Token);
    }

    /// <summary>Runs the check again and again until it says what is wanted, with a real limit.</summary>
    internal async Task<HealthCheckResult> UntilAsync(HealthStatus wanted)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(30));
        while (true)
        {
            try
            {
                HealthCheckResult result = await RunAsync(TimeSpan.FromSeconds(5));
                if (result.Status == wanted)
                {
                    return result;
                }

                Assert.False(limit.IsCancellationRequested, $"It says {result.Status}: {result.Description} {result.Exception}");
            }
            catch (OperationCanceledException) when (!limit.IsCancellationRequested)
            {
            }
        }
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
