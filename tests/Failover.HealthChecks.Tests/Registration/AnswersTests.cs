using System.Collections.Concurrent;
using Failover.HealthChecks.Registration;
using Failover.HealthChecks.Tests.Evaluation;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;

namespace Failover.HealthChecks.Tests.Registration;

/// <summary>What runs health checks by itself, in .NET, is answered from the snapshot.</summary>
public class AnswersTests
{
    private readonly FakeCheck _database = new();
    private readonly FakeCheck _search = new();
    private readonly FakeCheck _trivia = new() { Result = HealthCheckResult.Unhealthy() };
    private readonly Publisher _publisher = new();

    [Theory]
    [InlineData("before")]
    [InlineData("after")]
    [InlineData("between")]
    public async Task Publishers_and_endpoints_run_no_check_and_get_full_reports_wherever_health_is_added(string where)
    {
        await using WebApplication app = Build(services =>
        {
            if (where == "before")
            {
                services.AddFailover().AddHealth();
            }

            services.AddHealthChecks()
                .Add(new("db", _database, null, ["ready"], null) { Period = TimeSpan.FromHours(2), Delay = TimeSpan.FromMinutes(3) })
                .Add(new("search", _search, HealthStatus.Degraded, [], null) { Period = TimeSpan.FromHours(1) });
            if (where != "before")
            {
                services.AddFailover().AddHealth().AddHealth();
            }

            IHealthChecksBuilder later = services.AddHealthChecks();
            if (where == "between")
            {
                later.AddCheck("trivia", _trivia, tags: ["info"]);
            }
        });
        await app.StartAsync();
        using HttpClient client = new() { BaseAddress = new(app.Urls.Single()) };
        int checks = where == "between" ? 3 : 2;
        await Node.Eventually(() => _publisher.Reports.Any(report => report.Status == HealthStatus.Healthy));
        int before = _publisher.Reports.Count;

        for (int i = 0; i < 50; i++)
        {
            Assert.Equal("Healthy", await client.GetStringAsync("/all"));
        }

        await Node.Eventually(() => _publisher.Reports.Count >= before + 2);
        Assert.All(_publisher.Reports, report => Assert.Equal(checks, report.Entries.Count));
        Assert.Equal((1, 1), (_database.Runs, _search.Runs));
        Assert.Single(app.Services.GetServices<IHostedService>().OfType<HealthHostedService>());
        Assert.IsType<SnapshotHealthCheckService>(app.Services.GetRequiredService<HealthCheckService>());
    }

    [Fact]
    public async Task An_endpoint_shows_the_checks_that_it_asks_for()
    {
        await using WebApplication app = Build(services =>
        {
            services.AddFailover().AddHealth();
            services.AddHealthChecks().AddCheck("db", _database, tags: ["ready"]).AddCheck("search", _search, HealthStatus.Degraded).AddCheck("trivia", _trivia, tags: ["info"]);
            services.Configure<HealthOptions>(options => options.Period = TimeSpan.FromMilliseconds(100));
        });
        await app.StartAsync();
        using HttpClient client = new() { BaseAddress = new(app.Urls.Single()) };
        NodeHealth health = app.Services.GetRequiredService<NodeHealth>();
        await Node.Eventually(() => health.Verdicts.Operational && health.Snapshot.Checks.All(check => check.Status is not null));

        Assert.Equal("Healthy", await client.GetStringAsync("/all"));

        _search.Throws = new IOException();
        app.Services.GetRequiredService<NodeDrain>().Begin("test");
        await Node.Eventually(() => health.Snapshot.Checks.Single(check => check.Name == "search").Status == HealthStatus.Degraded);

        Assert.Equal("Degraded", await client.GetStringAsync("/all"));
        Assert.Equal("Healthy", await client.GetStringAsync("/ready"));
        Assert.Equal("Healthy", await client.GetStringAsync("/live"));
    }

    [Fact]
    public async Task A_report_says_the_state_and_the_kind_of_error_in_our_own_words()
    {
        _database.Throws = new InvalidOperationException("hush");
        _search.Result = HealthCheckResult.Unhealthy("hush", new IOException("hush"), new Dictionary<string, object> { ["rows"] = 7 });
        _trivia.Hangs = new();
        await using Node node = Node.With(checks => checks.AddCheck("db", _database, tags: ["x"]).AddCheck("search", _search, HealthStatus.Degraded).AddCheck("trivia", _trivia));
        await node.UntilAsync(() => node.Check("search").Status is not null);

        HealthReport report = await node.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();

        Assert.Equal(
            [("db", HealthStatus.Unhealthy, "unhealthy: InvalidOperationException"), ("search", HealthStatus.Unhealthy, "unhealthy: IOException"), ("trivia", HealthStatus.Unhealthy, "unknown")],
            report.Entries.Select(entry => (entry.Key, entry.Value.Status, entry.Value.Description)));
        Assert.All(report.Entries.Values, entry => Assert.Null(entry.Exception));
        Assert.Equal(7, report.Entries["search"].Data["rows"]);
        Assert.Equal(["x"], report.Entries["db"].Tags);
        Assert.Equal(HealthStatus.Unhealthy, report.Status);
        _trivia.Hangs.SetResult();
    }

    [Theory]
    [InlineData(HealthStatus.Unhealthy, "info", HealthStatus.Healthy)]
    [InlineData(HealthStatus.Unhealthy, "", HealthStatus.Unhealthy)]
    [InlineData(HealthStatus.Degraded, "", HealthStatus.Degraded)]
    public async Task The_status_of_a_report_is_the_worst_of_the_checks_that_count(HealthStatus failure, string tag, HealthStatus expected)
    {
        _database.Throws = new IOException();
        await using Node node = Node.With(checks => checks.AddCheck("db", _database, failure, [tag]).AddCheck("search", _search));
        await node.UntilAsync(() => node.Health.Snapshot.Checks.All(check => check.Status is not null));

        Assert.Equal(expected, node.Health.Snapshot.ToReport().Status);
        Assert.NotEqual(HealthStatus.Healthy, node.Health.Snapshot.ToReport().Entries["db"].Status);
    }

    [Fact]
    public async Task Somebody_else_who_answers_is_told_of_at_the_start()
    {
        await using WebApplication app = Build(services =>
        {
            services.AddFailover().AddHealth();
            services.AddSingleton<HealthCheckService, OthersService>();
        });

        await app.StartAsync();

        FakeLogRecord told = Assert.Single(app.Services.GetFakeLogCollector().GetSnapshot(), record => record.Id.Name == "HealthServiceReplaced");
        Assert.Equal(LogLevel.Warning, told.Level);
        Assert.Contains("answered by OthersService", told.Message, StringComparison.Ordinal);
        Assert.True(app.Services.GetRequiredService<NodeHealth>().Verdicts.Operational);
    }

    [Fact]
    public async Task The_period_of_a_registration_is_known_to_every_container_and_every_reader_of_options()
    {
        ServiceCollection services = [];
        services.AddLogging();
        services.AddFailover().AddHealth();
        services.AddHealthChecks().Add(new("db", _database, null, [], null) { Period = TimeSpan.FromMinutes(7), Delay = TimeSpan.FromMinutes(1) });

        for (int i = 0; i < 2; i++)
        {
            await using ServiceProvider provider = services.BuildServiceProvider();
            HealthCheckRegistration one = Assert.Single(provider.GetRequiredService<IOptionsMonitor<HealthCheckServiceOptions>>().CurrentValue.Registrations);
            HealthCheckRegistration two = Assert.Single(provider.GetRequiredService<IOptions<HealthCheckServiceOptions>>().Value.Registrations);

            Assert.Equal(TimeSpan.FromMinutes(7), OwnPeriods.Of(one));
            Assert.Equal(TimeSpan.FromMinutes(7), OwnPeriods.Of(two));
            Assert.Null(one.Period);
            Assert.Null(one.Delay);
        }
    }

    private WebApplication Build(Action<IServiceCollection> add)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders().AddFakeLogging();
        add(builder.Services);
        builder.Services.AddSingleton<IHealthCheckPublisher>(_publisher);
        builder.Services.Configure<HealthCheckPublisherOptions>(options => (options.Delay, options.Period) = (TimeSpan.Zero, TimeSpan.FromSeconds(1)));
        WebApplication app = builder.Build();
        app.MapHealthChecks("/all");
        app.MapHealthChecks("/ready", new HealthCheckOptions { Predicate = check => check.Tags.Contains("ready") });
        app.MapHealthChecks("/live", new HealthCheckOptions { Predicate = _ => false });
        return app;
    }

    private sealed class Publisher : IHealthCheckPublisher
    {
        internal ConcurrentQueue<HealthReport> Reports { get; } = [];

        public Task PublishAsync(HealthReport report, CancellationToken cancellationToken)
        {
            Reports.Enqueue(report);
            return Task.CompletedTask;
        }
    }

    private sealed class OthersService : HealthCheckService
    {
        public override Task<HealthReport> CheckHealthAsync(Func<HealthCheckRegistration, bool>? predicate, CancellationToken cancellationToken = default) => throw new NotSupportedException();
    }
}
