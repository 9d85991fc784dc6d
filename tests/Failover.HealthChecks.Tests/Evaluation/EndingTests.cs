using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Failover.HealthChecks.Tests.Evaluation;

/// <summary>Beginning and ending, with and without a host.</summary>
public class EndingTests
{
    [Fact]
    public async Task Without_a_host_the_first_read_starts_the_checks_in_nobodys_context()
    {
        AsyncLocal<string> request = new();
        string? seen = "nothing";
        FakeCheck check = new() { OnRun = (_, _) => seen = request.Value };
        ServiceCollection services = [];
        services.AddFailover().AddHealth();
        services.AddHealthChecks().AddCheck("db", check);
        await using ServiceProvider provider = services.BuildServiceProvider();
        NodeHealth health = provider.GetRequiredService<NodeHealth>();
        Assert.Equal(0, check.Runs);

        request.Value = "a request";
        Assert.Equal("db unknown", health.Verdicts.Reason);

        await Node.Eventually(() => health.Verdicts.Operational);
        Assert.Null(seen);
        Assert.Equal(1, check.Runs);
    }

    [Fact]
    public async Task A_host_starts_the_checks_before_its_services_and_ends_them_after_those()
    {
        List<string> order = [];
        FakeCheck check = new() { Hangs = new(), HeedsToken = true };
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddSingleton<IHostedService>(services => new Hosted(
            async () => { await Node.Eventually(() => check.IsHanging); order.Add("service starts"); },
            () => { order.Add($"service stops, cancelled: {check.Token.IsCancellationRequested}"); return Task.CompletedTask; }));
        builder.Services.AddFailover().AddHealth();
        builder.Services.AddHealthChecks().AddCheck("db", check);
        check.OnRun = (_, _) => order.Add("check runs");
        builder.Services.Configure<HealthOptions>(options => options.Timeout = TimeSpan.FromMinutes(5));
        using IHost host = builder.Build();

        await host.StartAsync().WaitAsync(Node.Patience);
        await host.StopAsync().WaitAsync(Node.Patience);
        await Node.Eventually(() => check.Token.IsCancellationRequested);

        Assert.Equal(["check runs", "service starts", "service stops, cancelled: False"], order);
        Assert.False(host.Services.GetRequiredService<NodeHealth>().Verdicts.Operational);
    }

    [Fact]
    public async Task Runs_under_way_are_told_to_end_and_not_waited_for()
    {
        FakeCheck heeding = new() { Hangs = new(), HeedsToken = true };
        FakeCheck deaf = new() { Hangs = new() };
        Node node = Node.With(checks => checks.AddCheck("heeding", heeding).AddCheck("deaf", deaf));
        await node.UntilAsync(() => heeding.IsHanging && deaf.IsHanging);
        NodeHealth health = node.Health;

        await node.DisposeAsync().AsTask().WaitAsync(Node.Patience);
        await node.DisposeAsync();

        await Node.Eventually(() => heeding.Token.IsCancellationRequested && deaf.Token.IsCancellationRequested);
        deaf.Throws = new InvalidTimeZoneException("no");
        deaf.Hangs.SetResult();
        await Node.Eventually(() => deaf.Ended == 1 && heeding.Ended == 1);
        node.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal((1, 1), (heeding.Runs, deaf.Runs));
        Assert.False(health.Verdicts.Operational);
    }

    [Fact]
    public async Task What_fails_after_the_end_is_nobodys_to_observe()
    {
        Exception? unobserved = null;
        EventHandler<UnobservedTaskExceptionEventArgs> observe = (_, told) => unobserved = told.Exception.Flatten().InnerExceptions.FirstOrDefault(one => one is Marked) ?? unobserved;
        TaskScheduler.UnobservedTaskException += observe;
        try
        {
            await LetFailAfterTheEnd();
            for (int i = 0; i < 5; i++)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= observe;
        }

        Assert.Null(unobserved);

        static async Task LetFailAfterTheEnd()
        {
            FakeCheck check = new() { Hangs = new(), Throws = new Marked(), OnRun = (_, token) => token.Register(() => throw new Marked()) };
            Node node = Node.With(checks => checks.AddCheck("db", check));
            await node.UntilAsync(() => check.IsHanging);
            await node.DisposeAsync();
            await Node.Eventually(() => check.Token.IsCancellationRequested);
            check.Hangs.SetResult();
            await Node.Eventually(() => check.Ended == 1);
        }
    }

    [Fact]
    public async Task It_may_end_while_settings_drains_and_readers_come_and_go()
    {
        for (int i = 0; i < 25; i++)
        {
            FakeCheck check = new();
            Node node = Node.With(checks => checks.AddCheck("db", check));
            NodeHealth health = node.Health;
            NodeDrain drain = node.Drain;
            _ = health.Snapshot;
            using CancellationTokenSource ends = new();
            Task[] busy =
            [
                Busy(() => node.Save(("Fall", $"{Random.Shared.Next(1, 100)}"))),
                Busy(() => { drain.Begin("x"); drain.End("x"); }),
                Busy(() => _ = health.Snapshot.ToReport()),
                Busy(() => node.Time.Advance(TimeSpan.FromSeconds(1))),
            ];

            await Node.Eventually(() => check.Runs > 0);
            await node.DisposeAsync().AsTask().WaitAsync(Node.Patience);
            await ends.CancelAsync();
            await Task.WhenAll(busy).WaitAsync(Node.Patience);

            Task Busy(Action act) => Task.Run(() =>
            {
                while (!ends.IsCancellationRequested)
                {
                    act();
                }
            });
        }
    }

    [Fact]
    public async Task One_that_ended_before_it_began_says_that_it_knows_nothing()
    {
        FakeCheck check = new();
        await using Node node = Node.With(checks => checks.AddCheck("db", check));
        node.Monitor.Dispose();

        Assert.Equal("db unknown", node.Health.Verdicts.Reason);
        node.Time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(0, check.Runs);
        Assert.False(node.Health.Verdicts.Operational);
    }

    private sealed class Marked : Exception;

    private sealed class Hosted(Func<Task> start, Func<Task> stop) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => start();

        public Task StopAsync(CancellationToken cancellationToken) => stop();
    }
}
