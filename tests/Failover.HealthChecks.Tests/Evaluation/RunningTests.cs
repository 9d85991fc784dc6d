using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Failover.HealthChecks.Tests.Evaluation;

/// <summary>What becomes of a run, whatever the check does.</summary>
public class RunningTests
{
    public static TheoryData<string, Func<IServiceProvider, IHealthCheck>, string> Unruly => new()
    {
        { "throws at once", _ => new Doing(() => throw new InvalidTimeZoneException("no")), "InvalidTimeZoneException" },
        { "throws later", _ => new Doing(async () => { await Task.Yield(); throw new InvalidTimeZoneException("no"); }), "InvalidTimeZoneException" },
        { "returns no task", _ => new Doing(() => null!), "NullReferenceException" },
        { "is not there", _ => null!, "NullReferenceException" },
        { "cannot be made", _ => throw new InvalidTimeZoneException("no"), "InvalidTimeZoneException" },
        { "needs what is not registered", services => ActivatorUtilities.CreateInstance<Needy>(services), "InvalidOperationException" },
        { "is cancelled by itself", _ => new Doing(() => Task.FromCanceled<HealthCheckResult>(new(canceled: true))), "TaskCanceledException" },
        { "gives data that cannot be read", _ => new Doing(() => Task.FromResult(HealthCheckResult.Healthy(data: new Unreadable()))), "InvalidTimeZoneException" },
        { "throws what throws when it is looked at", _ => new Doing(() => throw new Hostile()), "Hostile" },
        { "disposes badly", services => services.GetRequiredService<BadlyDisposed>(), "InvalidTimeZoneException" },
    };

    [Theory]
    [MemberData(nameof(Unruly))]
    public async Task A_check_that_does_what_it_must_not_fails_and_is_run_again(string what, Func<IServiceProvider, IHealthCheck> factory, string error)
    {
        await using Node node = Node.Of(services =>
        {
            services.AddScoped<BadlyDisposed>();
            services.AddHealthChecks().Add(new("unruly", factory, null, [])).AddCheck("well", new FakeCheck());
        });

        await node.UntilAsync(() => node.Check("unruly").Status is not null);
        Moment? first = node.Check("unruly").LastAt;
        await node.UntilAsync(() => node.Check("unruly").LastAt != first);

        Assert.True(node.Check("unruly") is { Status: HealthStatus.Unhealthy, IsStuck: false }, what);
        Assert.Equal(error, node.Check("unruly").Error);
        Assert.Equal(HealthStatus.Healthy, node.Check("well").Status);
    }

    [Fact]
    public async Task A_result_that_was_never_set_is_unhealthy_and_one_that_there_is_not_too()
    {
        await using Node node = Node.With(checks => checks
            .AddCheck("empty", new FakeCheck { Result = default })
            .AddCheck("strange", new FakeCheck { Result = new((HealthStatus)7) }));

        await node.UntilAsync(() => node.Check("strange").Status is not null && node.Check("empty").Status is not null);

        Assert.All(node.Health.Snapshot.Checks, check => Assert.Equal(HealthStatus.Unhealthy, check.Status));
        Assert.Empty(node.Check("empty").Data);
        Assert.Equal(HealthStatus.Unhealthy, node.Health.Snapshot.ToReport().Status);
    }

    [Fact]
    public async Task A_check_that_heeds_its_token_has_timed_out_and_is_run_again()
    {
        FakeCheck check = new() { Hangs = new(), HeedsToken = true };
        await using Node node = Node.With(checks => checks.AddCheck("db", check));

        await node.UntilAsync(() => node.Check("db").Status is not null);
        Assert.Equal((HealthStatus.Unhealthy, "timeout"), (node.Check("db").Status, node.Check("db").Error));
        Assert.Equal(TimeSpan.FromSeconds(2), node.Check("db").Duration);
        await Node.Eventually(() => node.Monitor.UnderWay.Count == 0);
        await node.UntilAsync(() => check.Runs == 3);

        Assert.False(node.Check("db").IsStuck);
        Assert.Empty(node.Logged("CheckStuck"));
        await Node.Eventually(() => node.Logged("CheckFails").Length == 1);
        Assert.Equal("Health check db is Unhealthy (timeout). No answer within 00:00:02.", node.Logged("CheckFails")[0].Message);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_run_has_a_second_to_end_before_it_counts_as_stuck_however_short_the_period(bool heedsToken)
    {
        FakeCheck check = new() { Hangs = new(), HeedsToken = heedsToken };
        await using Node node = Node.With(checks => checks.AddCheck("db", check), ("FailurePeriod", "00:00:00.100"));
        await node.UntilAsync(() => node.Check("db").Status is not null);
        await Node.Eventually(() => !heedsToken || node.Monitor.UnderWay.Count == 0);

        await node.PassAsync(TimeSpan.FromSeconds(0.9));
        Assert.False(node.Check("db").IsStuck);
        Assert.Equal(heedsToken ? 2 : 1, check.Runs);

        await node.PassAsync(TimeSpan.FromSeconds(0.2));
        Assert.Equal(!heedsToken, node.Check("db").IsStuck);
        check.Hangs.SetResult();
    }

    [Fact]
    public async Task A_run_that_was_left_behind_is_not_listened_to_when_it_ends()
    {
        FakeCheck check = new();
        await using Node node = Node.With(checks => checks.AddCheck("db", check));
        await node.UntilAsync(() => node.Health.Verdicts.Operational);
        TaskCompletionSource hung = check.Hangs = new();
        await node.UntilAsync(() => node.Check("db").IsStuck);
        await node.UntilAsync(() => node.Check("db").Status == HealthStatus.Unhealthy);
        long number = node.Health.Snapshot.Number;
        int runs = check.Runs;

        // What is asked next hangs, too: so only the one left behind can have said something.
        check.Hangs = new();
        hung.SetResult();
        await Node.Eventually(() => !node.Check("db").IsStuck);

        Assert.Equal(number + 1, node.Health.Snapshot.Number);
        Assert.Equal((HealthStatus.Unhealthy, HealthStatus.Unhealthy), (node.Check("db").Status, node.Check("db").LastStatus));
        await Node.Eventually(() => node.Logged("CheckNoLongerStuck").Length == 1);
        await node.UntilAsync(() => check.Runs == runs + 1);
        Assert.Equal(1, check.MostAtOnce);
    }

    [Fact]
    public async Task Each_run_has_services_of_its_own_and_they_are_disposed_of()
    {
        List<Scoped> seen = [];
        await using Node node = Node.Of(services =>
        {
            services.AddScoped<Scoped>();
            services.AddHealthChecks().Add(new("db", scope =>
            {
                Scoped one = scope.GetRequiredService<Scoped>();
                return new Doing(() =>
                {
                    seen.Add(one);
                    return Task.FromResult(HealthCheckResult.Healthy());
                });
            }, null, []));
        });

        await node.UntilAsync(() => seen.Count == 3);

        Assert.Equal(3, seen.Distinct().Count());
        await Node.Eventually(() => seen.TrueForAll(one => one.IsDisposed));
    }

    [Fact]
    public async Task What_a_check_writes_later_into_its_data_is_not_seen()
    {
        Dictionary<string, object> data = new() { ["rows"] = 1 };
        FakeCheck check = new() { Result = HealthCheckResult.Healthy(data: data) };
        await using Node node = Node.With(checks => checks.AddCheck("db", check));
        await node.UntilAsync(() => node.Health.Verdicts.Operational);

        data["rows"] = 2;
        data["more"] = 3;

        Assert.Equal([KeyValuePair.Create("rows", (object)1)], node.Check("db").Data);
        Assert.False(node.Check("db").Data is Dictionary<string, object>);
    }

    [Theory]
    [InlineData("Critical", HealthStatus.Unhealthy, false)]
    [InlineData("Degrading", HealthStatus.Degraded, true)]
    [InlineData("Info", HealthStatus.Degraded, true)]
    public async Task A_failure_means_what_the_settings_say_whatever_the_registration_does(string criticality, HealthStatus expected, bool canServe)
    {
        FakeCheck throwing = new();
        FakeCheck telling = new();
        telling.OnRun = (context, _) => telling.Result = telling.Runs == 1 ? HealthCheckResult.Healthy() : new(context.Registration.FailureStatus);
        await using Node node = Node.With(
            checks => checks.AddCheck("throwing", throwing, HealthStatus.Healthy, ["local"]).AddCheck("telling", telling, HealthStatus.Healthy, ["local"]),
            ("Checks:throwing:Criticality", criticality),
            ("Checks:telling:Criticality", criticality));
        await node.UntilAsync(() => node.Health.Verdicts.Operational && node.Health.Snapshot.Checks.All(check => check.HasPassed));

        throwing.Throws = new InvalidTimeZoneException("no");
        await node.UntilAsync(() => node.Health.Snapshot.Checks.All(check => check.Status != HealthStatus.Healthy));

        Assert.All(node.Health.Snapshot.Checks, check => Assert.Equal(expected, check.Status));
        Assert.Equal(canServe, node.Health.Verdicts.CanServe);
    }

    private sealed class Doing(Func<Task<HealthCheckResult>> check) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => check();
    }

    private sealed class Needy(Uri nobodyHasThis) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(HealthCheckResult.Healthy(nobodyHasThis.Host));
    }

    private sealed class BadlyDisposed : IHealthCheck, IAsyncDisposable
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(HealthCheckResult.Healthy());

        public ValueTask DisposeAsync() => throw new InvalidTimeZoneException("no");
    }

    private sealed class Scoped : IDisposable
    {
        internal bool IsDisposed { get; private set; }

        public void Dispose() => IsDisposed = true;
    }

    private sealed class Hostile : Exception
    {
        public override string Message => throw new InvalidOperationException("hush");
    }

    private sealed class Unreadable : Dictionary<string, object>, IReadOnlyDictionary<string, object>
    {
        int IReadOnlyCollection<KeyValuePair<string, object>>.Count => 1;

        IEnumerator<KeyValuePair<string, object>> IEnumerable<KeyValuePair<string, object>>.GetEnumerator() => throw new InvalidTimeZoneException("no");
    }
}
