using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Failover.AspNetCore.Tests.Answers;

public class NeverWaitsTests
{
    [Fact]
    public async Task Answers_come_while_checks_hang_or_hold_their_threads_and_so_do_those_of_the_app()
    {
        using ManualResetEventSlim holds = new();
        TaskCompletionSource hangs = new();
        int runs = 0;
        TestCheck blocking = new(_ =>
        {
            Interlocked.Increment(ref runs);
            holds.Wait(CancellationToken.None);
            return Task.FromResult(HealthCheckResult.Healthy());
        });
        await using App app = await App.StartAsync(
            builder =>
            {
                builder.Configuration["Failover:Health:Timeout"] = "00:00:00.050";
                builder.Services.AddHealthChecks()
                    .AddCheck("blocks", blocking)
                    .AddCheck("hangs", new TestCheck(async _ => { await hangs.Task; return HealthCheckResult.Healthy(); }));
            },
            (app, _) =>
            {
                app.MapFailoverHealth("/health");
                app.MapGet("/other", () => "other");
            });
        try
        {
            await App.UntilAsync(() => app.Health.Snapshot.Checks.All(check => check.IsStuck), "both checks are left behind");

            Assert.All(await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => app.StatusAsync("/health"))), status => Assert.Equal(HttpStatusCode.ServiceUnavailable, status));
            Assert.All(await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => app.StatusAsync("/other"))), status => Assert.Equal(HttpStatusCode.OK, status));
            Assert.Equal(HttpStatusCode.OK, await app.StatusAsync("/health/live"));
            Assert.Equal(1, runs);
        }
        finally
        {
            holds.Set();
            hangs.SetResult();
        }

        await app.OperationalAsync();
        Assert.Equal(HttpStatusCode.OK, await app.StatusAsync("/health"));
    }

    [Fact]
    public async Task However_many_ask_no_check_runs_for_them()
    {
        int runs = 0;
        int atOnce = 0;
        int most = 0;
        TestCheck check = new(async token =>
        {
            Interlocked.Increment(ref runs);
            most = Math.Max(most, Interlocked.Increment(ref atOnce));
            await Task.Delay(20, token);
            Interlocked.Decrement(ref atOnce);
            return HealthCheckResult.Healthy();
        });
        await using App app = await App.StartAsync(builder =>
        {
            builder.Configuration["Failover:Health:Period"] = "01:00:00";
            builder.Services.AddHealthChecks().AddCheck("slow", check);
        });
        await app.OperationalAsync();

        await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => app.StatusAsync("/health")));

        Assert.Equal(1, runs);
        Assert.Equal(1, most);
    }

    [Theory]
    [InlineData(true, false, 0)]
    [InlineData(false, false, 1)]
    [InlineData(true, true, 1)]
    public async Task An_endpoint_is_answered_before_the_middleware_of_the_app_unless_it_has_a_condition_for_it(bool shortCircuit, bool hasCondition, int expected)
    {
        int passed = 0;
        await using App app = await App.StartAsync(
            builder =>
            {
                if (hasCondition)
                {
                    builder.Services.AddCors();
                }
            },
            (app, _) =>
            {
                if (hasCondition)
                {
                    app.UseCors();
                }

                app.Use(next => context =>
                {
                    Interlocked.Increment(ref passed);
                    return next(context);
                });
                IEndpointConventionBuilder health = app.MapFailoverHealth("/health", o => o.ShortCircuit = shortCircuit);
                if (hasCondition)
                {
                    health.RequireCors(policy => policy.AllowAnyOrigin());
                }
            });

        Assert.Equal(HttpStatusCode.OK, await app.StatusAsync("/health/live"));
        Assert.Equal(expected, passed);
    }
}
