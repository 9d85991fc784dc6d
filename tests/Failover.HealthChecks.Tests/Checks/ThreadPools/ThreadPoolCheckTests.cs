using Failover.HealthChecks.Checks.ThreadPools;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Failover.HealthChecks.Tests.Checks.ThreadPools;

// The pool is everybody's: no other test runs beside these.
[CollectionDefinition("Thread pool", DisableParallelization = true)]
[Collection("Thread pool")]
public sealed class ThreadPoolCheckTests
{
    [Fact]
    public async Task A_pool_with_free_threads_passes_and_tells_how_long_an_item_waited()
    {
        await using Checked check = Checked.With(checks => checks.AddThreadPool(options => (options.MaximumWait, options.DegradedWait) = (TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1))));

        HealthCheckResult result = await check.RunAsync();

        Assert.Equal(HealthStatus.Healthy, result.Status);
        Assert.Equal(["queued", "threads", "waitMs"], result.Data.Keys.Order());
        Assert.Equal(["local"], check.Registration.Tags);
    }

    [Fact]
    public async Task A_pool_whose_threads_are_all_taken_fails_the_check_in_time_and_passes_when_they_are_free()
    {
        await using Checked check = Checked.With(checks => checks.AddThreadPool(options => (options.MaximumWait, options.DegradedWait) = (TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(100))));
        using ManualResetEventSlim free = new();
        for (int item = 0; item < 500; item++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(_ => free.Wait(), null);
        }

        // As the evaluation runs it: on a thread that is not the pool's.
        HealthCheckResult[] results = new HealthCheckResult[2];
        Thread thread = new(() =>
        {
            for (int run = 0; run < results.Length; run++)
            {
                results[run] = check.RunAsync().GetAwaiter().GetResult();
            }
        });
        thread.Start();
        bool ended = thread.Join(TimeSpan.FromSeconds(30));
        free.Set();

        Assert.True(ended, "It waited for the pool.");
        Assert.All(results, result => Assert.Equal(HealthStatus.Unhealthy, result.Status));
        Assert.True((double)results[1].Data["waitMs"] > (double)results[0].Data["waitMs"], "The item that still waits tells of a longer wait.");
        await check.UntilAsync(HealthStatus.Healthy);
    }

    [Theory]
    [InlineData(249, HealthStatus.Healthy)]
    [InlineData(250, HealthStatus.Degraded)]
    [InlineData(999, HealthStatus.Degraded)]
    [InlineData(1000, HealthStatus.Unhealthy)]
    public void By_default_a_quarter_of_a_second_is_degraded_and_a_second_fails(int milliseconds, HealthStatus expected) =>
        Assert.Equal(expected, ThreadPoolHealthCheck.Judge(TimeSpan.FromMilliseconds(milliseconds), new()).Status);

    [Fact]
    public void Waits_that_are_not_allowed_are_refused_at_once()
    {
        OptionsValidationException refused = Assert.Throws<OptionsValidationException>(() => Checked.With(checks => checks.AddThreadPool(options => options.DegradedWait = TimeSpan.FromSeconds(2))));

        Assert.Equal(["Health check 'threadpool':DegradedWait (00:00:02) must be from 00:00:00.0010000 to 00:00:01."], refused.Failures);
    }
}
