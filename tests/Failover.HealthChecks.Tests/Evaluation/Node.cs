using Failover.HealthChecks.Evaluation;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Failover.HealthChecks.Tests.Evaluation;

/// <summary>A node whose clock stands still until a test moves it.</summary>
internal sealed class Node : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly Dictionary<string, FakeCheck> _fakes;

    private Node(ServiceProvider services, FakeTimeProvider time, FakeLogCollector log)
    {
        (_services, Time, Log) = (services, time, log);
        _fakes = services.GetRequiredService<IOptions<HealthCheckServiceOptions>>().Value.Registrations.ToDictionary(one => one.Name, one => (FakeCheck)one.Factory(services));
    }

    internal FakeTimeProvider Time { get; }

    internal FakeLogCollector Log { get; }

    internal NodeHealth Health => _services.GetRequiredService<NodeHealth>();

    internal NodeDrain Drain => _services.GetRequiredService<NodeDrain>();

    internal IServiceProvider Services => _services;

    internal static Node With(Action<IHealthChecksBuilder> checks, params (string Key, string Value)[] settings)
    {
        FakeTimeProvider time = new();
        ServiceCollection services = [];
        services.AddSingleton<TimeProvider>(time);
        services.AddLogging(logging => logging.AddFakeLogging().SetMinimumLevel(LogLevel.Debug));
        IConfiguration configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(one => KeyValuePair.Create<string, string?>($"Failover:Health:{one.Key}", one.Value)))
            .Build();
        services.AddFailover(configuration.GetSection("Failover")).AddHealth();
        checks(services.AddHealthChecks());
        ServiceProvider provider = services.BuildServiceProvider();
        return new(provider, time, provider.GetFakeLogCollector());
    }

    internal CheckSnapshot Check(string name) => Health.Snapshot.Checks.Single(check => check.Name == name);

    /// <summary>Moves time in small steps until something holds. Before each step every run that was begun has ended, or hangs as it was told to: they take no time on this clock.</summary>
    internal async Task UntilAsync(Func<bool> holds, TimeSpan? atMost = null)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(30));
        DateTimeOffset limit = Time.GetUtcNow() + (atMost ?? TimeSpan.FromMinutes(5));
        while (!holds())
        {
            Assert.False(patience.IsCancellationRequested, "It did not come about in 30 seconds.");
            Assert.True(Time.GetUtcNow() < limit, $"It did not come about: {Health.Verdicts.Reason}; {string.Join(", ", Health.Snapshot.Checks.Select(one => $"{one.Name} {one.StatusName} {one.Error} {(one.IsStuck ? "stuck" : "")}"))}");
            Time.Advance(TimeSpan.FromMilliseconds(100));
            await QuietAsync();
        }
    }

    private async Task QuietAsync()
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(30));
        HealthMonitor monitor = _services.GetRequiredService<HealthMonitor>();
        while (monitor.UnderWay.Any(run => !_fakes[run.Check].IsHanging || run.Limit <= monitor.Elapsed))
        {
            Assert.False(patience.IsCancellationRequested, "A run that was begun did not end.");
            await Task.Yield();
        }
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
