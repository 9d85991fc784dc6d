using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace Failover.HealthChecks.Tests.Evaluation;

/// <summary>What blocks, throws or never ends holds up nobody else.</summary>
public class BlockingTests
{
    [Fact]
    public async Task Checks_that_block_take_no_thread_from_requests()
    {
        using Block block = new();
        ConcurrentBag<bool> fromPool = [];
        FakeCheck[] checks = [.. Enumerable.Range(0, 50).Select(_ => new FakeCheck
        {
            OnRun = (_, _) =>
            {
                fromPool.Add(Thread.CurrentThread.IsThreadPoolThread);
                block.Hold();
            },
        })];
        ServiceCollection services = [];
        services.AddFailover().AddHealth();
        for (int i = 0; i < checks.Length; i++)
        {
            services.AddHealthChecks().AddCheck($"c{i}", checks[i]);
        }

        await using ServiceProvider provider = services.BuildServiceProvider();
        _ = provider.GetRequiredService<NodeHealth>().Snapshot;
        await Node.Eventually(() => fromPool.Count == checks.Length);

        // More pieces of work than there are threads, one after the other, while all the checks block.
        for (int i = 0; i < 100; i++)
        {
            await Task.Run(() => { }).WaitAsync(Node.Patience);
        }

        Assert.All(fromPool, one => Assert.False(one));
        Assert.False(provider.GetRequiredService<NodeHealth>().Verdicts.Operational);
        block.LetGo();
        await Node.Eventually(() => provider.GetRequiredService<NodeHealth>().Verdicts.Operational);
    }

    [Fact]
    public async Task A_check_that_blocks_its_thread_for_ever_is_given_up_and_runs_once()
    {
        using Block block = new();
        TaskCompletionSource hangs = new();
        FakeCheck check = new();
        check.OnRun = (_, _) =>
        {
            if (check.Hangs is not null)
            {
                block.Hold();
            }
        };
        await using Node node = Node.With(checks => checks.AddCheck("db", check).AddCheck("well", new FakeCheck()));
        await node.UntilAsync(() => node.Health.Verdicts.Operational);

        // By hand: a check that blocks tells nobody that it does.
        check.Hangs = hangs;
        int runs = check.Runs;
        for (int i = 0; i < 20; i++)
        {
            node.Time.Advance(TimeSpan.FromSeconds(1));
            await Node.Eventually(() => node.Monitor.UnderWay.All(run => run.Check == "db" && !(run.Limit <= node.Monitor.Elapsed)));
        }

        Assert.True(node.Check("db") is { Status: HealthStatus.Unhealthy, IsStuck: true, Error: "stuck" });
        Assert.Equal(HealthStatus.Healthy, node.Check("well").Status);
        Assert.Equal((runs + 1, 1), (check.Runs, check.MostAtOnce));

        check.Hangs = null;
        hangs.SetResult();
        block.LetGo();
        await Node.Eventually(() => node.Monitor.UnderWay.Count == 0);
        await node.UntilAsync(() => node.Health.Verdicts.Operational);
    }

    [Fact]
    public async Task What_a_check_registers_for_its_token_may_block_or_throw()
    {
        using Block block = new();
        FakeCheck blocking = new() { Hangs = new(), OnRun = (_, token) => token.Register(() => block.Hold()) };
        FakeCheck throwing = new() { Hangs = new(), OnRun = (_, token) => token.Register(() => throw new InvalidTimeZoneException("no")) };
        FakeCheck heeding = new() { Hangs = new(), HeedsToken = true };
        await using Node node = Node.With(checks => checks.AddCheck("blocking", blocking).AddCheck("throwing", throwing).AddCheck("heeding", heeding));

        await node.UntilAsync(() => node.Check("blocking").IsStuck && node.Check("throwing").IsStuck);

        Assert.False(node.Check("heeding").IsStuck);
        await node.UntilAsync(() => heeding.Runs > 1);
        block.LetGo();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_logger_that_blocks_or_throws_holds_up_no_check_and_no_reader(bool blocks)
    {
        using Block block = new();
        FakeCheck check = new();
        BadLogger logger = new(() =>
        {
            if (!blocks)
            {
                throw new InvalidTimeZoneException("no");
            }

            block.Hold();
        });
        await using Node node = Node.Of(services =>
        {
            services.AddLogging(logging => logging.AddProvider(logger));
            services.AddHealthChecks().AddCheck("db", check);
        });

        await node.UntilAsync(() => node.Health.Verdicts.Operational);
        check.Result = HealthCheckResult.Unhealthy();
        await node.UntilAsync(() => !node.Health.Verdicts.Operational);
        check.Result = HealthCheckResult.Healthy();
        await node.UntilAsync(() => node.Health.Verdicts.Operational);

        // The start, the check that passes, the change of the verdicts, and so on: while the first blocks, the others wait.
        await Node.Eventually(() => logger.Calls >= (blocks ? 1 : 5));
        Assert.True(!blocks || logger.Calls == 1, $"{logger.Calls} calls");
        block.LetGo();
        await Node.Eventually(() => logger.Calls >= 5);
    }

    [Fact]
    public async Task One_who_waits_for_a_change_may_block_or_throw()
    {
        using Block block = new();
        FakeCheck check = new();
        await using Node node = Node.With(checks => checks.AddCheck("db", check));
        using IDisposable blocking = node.Health.GetChangeToken().RegisterChangeCallback(_ => block.Hold(), null);
        await node.UntilAsync(() => node.Health.Verdicts.Operational);
        using IDisposable throwing = node.Health.GetChangeToken().RegisterChangeCallback(_ => throw new InvalidTimeZoneException("no"), null);
        int told = 0;
        using IDisposable well = ChangeToken.OnChange(node.Health.GetChangeToken, () => Interlocked.Increment(ref told));

        node.Drain.Begin("test");
        await Node.Eventually(() => told == 1);
        node.Drain.End("test");
        await Node.Eventually(() => told == 2);

        await Node.Eventually(() => node.Logged("HealthListenerThrew").Length == 1);
        Assert.StartsWith("A callback that waits for a change of the node's health threw InvalidTimeZoneException at ", node.Logged("HealthListenerThrew")[0].Message, StringComparison.Ordinal);
        block.LetGo();
    }

    /// <summary>Not of the health alone: that category is enough.</summary>
    private sealed class BadLogger(Action act) : ILoggerProvider, ILogger
    {
        private int _calls;

        internal int Calls => Volatile.Read(ref _calls);

        public ILogger CreateLogger(string categoryName) => categoryName.Contains("NodeHealth", StringComparison.Ordinal) ? this : Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            Interlocked.Increment(ref _calls);
            act();
        }

        public void Dispose()
        {
        }
    }
}
