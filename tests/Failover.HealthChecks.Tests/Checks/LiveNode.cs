using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Failover.HealthChecks.Tests.Checks;

/// <summary>A node on the real clock, whose checks run quickly one after another.</summary>
internal sealed class LiveNode : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private LiveNode(ServiceProvider services) => _services = services;

    internal NodeHealth Health => _services.GetRequiredService<NodeHealth>();

    internal CheckSnapshot Check => Assert.Single(Health.Snapshot.Checks);

    internal static LiveNode With(Action<IHealthChecksBuilder> add) => With(add, static _ => { });

    internal static LiveNode With(Action<IHealthChecksBuilder> add, Action<IServiceCollection> services)
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection([
            new("Failover:Health:Period", "00:00:00.200"),
            new("Failover:Health:FailurePeriod", "00:00:00.100"),
            new("Failover:Health:Timeout", "00:00:00.500"),
        ]).Build();
        ServiceCollection all = [];
        all.AddLogging();
        all.AddFailover(configuration.GetSection("Failover")).AddHealth();
        services(all);
        add(all.AddHealthChecks());
        return new(all.BuildServiceProvider(validateScopes: true));
    }

    internal async Task UntilAsync(Func<CheckSnapshot, bool> holds)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(30));
        using PeriodicTimer look = new(TimeSpan.FromMilliseconds(10));
        while (!holds(Check))
        {
            Assert.False(limit.IsCancellationRequested, $"It did not come about: {Check.StatusName} {Check.Error} {(Check.IsStuck ? "stuck" : "")}");
            await look.WaitForNextTickAsync();
        }
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
