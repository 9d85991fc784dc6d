using Failover.HealthChecks.Evaluation;
using Failover.Tests.Registration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;

namespace Failover.HealthChecks.Tests.Evaluation;

/// <summary>A node whose clock stands still until a test moves it.</summary>
internal sealed class Node : IAsyncDisposable
{
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ServiceProvider _services;
    private readonly Dictionary<string, FakeCheck> _fakes;

    private Node(ServiceProvider services, SlowTime time, ChangingConfiguration configuration)
    {
        (_services, Time, Configuration) = (services, time, configuration);
        _fakes = services.GetRequiredService<IOptions<HealthCheckServiceOptions>>().Value.Registrations
            .Select(one => (one.Name, Fake: FakeOf(one, services)))
            .Where(one => one.Fake is not null)
            .ToDictionary(one => one.Name, one => one.Fake!);
    }

    internal SlowTime Time { get; }

    internal ChangingConfiguration Configuration { get; }

    internal FakeLogCollector Log => _services.GetFakeLogCollector();

    internal NodeHealth Health => _services.GetRequiredService<NodeHealth>();

    internal HealthMonitor Monitor => _services.GetRequiredService<HealthMonitor>();

    internal NodeDrain Drain => _services.GetRequiredService<NodeDrain>();

    internal IServiceProvider Services => _services;

    internal static Node With(Action<IHealthChecksBuilder> checks, params (string Key, string Value)[] settings) =>
        Of(services => checks(services.AddHealthChecks()), settings);

    internal static Node Of(Action<IServiceCollection> add, params (string Key, string Value)[] settings)
    {
        SlowTime time = new();
        ChangingConfiguration configuration = new();
        ServiceCollection services = [];
        services.AddSingleton<TimeProvider>(time);
        services.AddMetrics();
        services.AddLogging(logging => logging.AddFakeLogging().SetMinimumLevel(LogLevel.Debug));
        Save(configuration, settings);
        services.AddFailover(new ConfigurationBuilder().Add(configuration).Build().GetSection("Failover")).AddHealth();
        add(services);
        return new(services.BuildServiceProvider(), time, configuration);
    }

    /// <summary>Saves other settings below <c>Failover:Health</c>, which are read at once.</summary>
    internal void Save(params (string Key, string Value)[] settings) => Save(Configuration, settings);

    internal CheckSnapshot Check(string name) => Health.Snapshot.Checks.Single(check => check.Name == name);

    /// <summary>The entries of an event.</summary>
    internal FakeLogRecord[] Logged(string name) => [.. Log.GetSnapshot().Where(record => record.Id.Name == name)];

    /// <summary>Moves time in small steps until something holds. Before each step every run that was begun has ended, or hangs as it was told to: they take no time on this clock.</summary>
    internal async Task UntilAsync(Func<bool> holds, TimeSpan? atMost = null)
    {
        TimeSpan limit = Monitor.Elapsed + (atMost ?? TimeSpan.FromMinutes(5));
        while (!holds())
        {
            Assert.True(Monitor.Elapsed < limit, $"It did not come about: {Health.Verdicts.Reason}; {string.Join(", ", Health.Snapshot.Checks.Select(one => $"{one.Name} {one.StatusName} {one.Error} {(one.IsStuck ? "stuck" : "")}"))}");
            await StepAsync(TimeSpan.FromMilliseconds(100));
        }
    }

    /// <summary>Moves time by so much, in small steps.</summary>
    internal async Task PassAsync(TimeSpan time)
    {
        for (TimeSpan passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromMilliseconds(100))
        {
            await StepAsync(TimeSpan.FromMilliseconds(100));
        }
    }

    /// <summary>Waits for what other threads do by themselves, without moving time.</summary>
    internal static async Task Eventually(Func<bool> holds)
    {
        using CancellationTokenSource patience = new(Patience);
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(1));
        for (int looks = 0; !holds(); looks++)
        {
            Assert.False(patience.IsCancellationRequested, "It did not come about in 30 seconds.");

            // Most of it is a matter of microseconds, and a test has thousands of steps.
            if (looks < 50)
            {
                await Task.Yield();
            }
            else
            {
                await timer.WaitForNextTickAsync();
            }
        }
    }

    internal async Task StepAsync(TimeSpan time)
    {
        Time.Advance(time);
        await Eventually(() => !Monitor.UnderWay.Any(run => !HangsOn(run.Check, run.Limit)));
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    /// <summary>Whether a run waits for the test: its time is not over; or it was left behind, and heeds no token.</summary>
    private bool HangsOn(string check, TimeSpan? limit) =>
        _fakes.TryGetValue(check, out FakeCheck? fake) && fake.IsHanging && (limit is null ? !fake.HeedsToken : limit > Monitor.Elapsed);

    private static FakeCheck? FakeOf(HealthCheckRegistration registration, IServiceProvider services)
    {
        try
        {
            return registration.Factory(services.CreateScope().ServiceProvider) as FakeCheck;
        }
        catch (Exception exception) when (exception is InvalidOperationException or InvalidTimeZoneException)
        {
            // One of those that cannot be made.
            return null;
        }
    }

    private static void Save(ChangingConfiguration configuration, (string Key, string Value)[] settings) =>
        configuration.Save([.. settings.Select(one => ($"Health:{one.Key}", (string?)one.Value))]);
}
