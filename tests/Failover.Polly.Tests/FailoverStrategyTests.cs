using System.ComponentModel.DataAnnotations;
using Polly;
using Polly.Telemetry;
using Polly.Timeout;

namespace Failover.Polly.Tests;

public sealed class FailoverStrategyTests : IAsyncDisposable
{
    private readonly FailoverGroup _group = Given.Group();
    private readonly List<string> _called = [];

    public ValueTask DisposeAsync() => _group.DisposeAsync();

    [Fact]
    public async Task An_execution_goes_to_the_member_that_is_first_on_the_route()
    {
        ResiliencePipeline<string> pipeline = new ResiliencePipelineBuilder<string>().AddFailover(_group).Build();

        Assert.Equal("a", await ExecuteAsync(pipeline, static _ => null));

        Assert.Equal((1, 0, 0, 0), Given.Told(_group, "a"));
        Assert.Equal((0, 0, 0, 0), Given.Told(_group, "b"));
    }

    [Fact]
    public async Task Nothing_runs_twice_without_leave()
    {
        ResiliencePipeline<string> pipeline = new ResiliencePipelineBuilder<string>().AddFailover(_group).Build();

        await Assert.ThrowsAsync<IOException>(() => ExecuteAsync(pipeline, static _ => new IOException()));

        Assert.Equal(["a"], _called);
        Assert.Equal((0, 1, 0, 0), Given.Told(_group, "a"));
    }

    [Fact]
    public async Task With_leave_a_failed_execution_goes_on_to_the_next_member()
    {
        Assert.Equal("b", await ExecuteAsync(Replaying(), static member => member == "a" ? new IOException() : null));

        Assert.Equal(["a", "b"], _called);
        Assert.Equal((0, 1, 0, 0), Given.Told(_group, "a"));
        Assert.Equal((1, 0, 0, 0), Given.Told(_group, "b"));
    }

    [Fact]
    public async Task Each_member_is_tried_once_and_what_fails_on_all_of_them_is_disputed()
    {
        IOException last = new("the last one's");

        Assert.Same(last, await Assert.ThrowsAsync<IOException>(() => ExecuteAsync(Replaying(), member => member == "b" ? last : new IOException())));

        Assert.Equal(["a", "b"], _called);
        Assert.Equal((0, 0, 1, 0), Given.Told(_group, "a"));
        Assert.Equal((0, 0, 1, 0), Given.Told(_group, "b"));
    }

    [Fact]
    public async Task A_failure_is_in_doubt_as_long_as_the_next_member_has_not_answered()
    {
        (long Succeeded, long Failed, long Disputed, int Waiting) meanwhile = default;

        await ExecuteAsync(Replaying(), member =>
        {
            meanwhile = Given.Told(_group, "a");
            return member == "a" ? new IOException() : null;
        });

        Assert.Equal((0, 0, 1, 0), meanwhile);
        Assert.Equal((0, 1, 0, 0), Given.Told(_group, "a"));
    }

    [Fact]
    public async Task An_exception_that_is_not_handled_says_nothing_of_the_member()
    {
        ResiliencePipeline<string> pipeline = Replaying(options => options.ShouldHandle = new PredicateBuilder<string>().Handle<IOException>().ForFailover());

        await Assert.ThrowsAsync<FormatException>(() => ExecuteAsync(pipeline, static _ => new FormatException()));

        Assert.Equal(["a"], _called);
        Assert.Equal((0, 0, 0, 0), Given.Told(_group, "a"));
    }

    [Fact]
    public async Task A_result_can_be_a_failure()
    {
        ResiliencePipeline<string> pipeline = Replaying(options => options.ShouldHandle = new PredicateBuilder<string>().HandleResult("a").ForFailover());

        Assert.Equal("b", await ExecuteAsync(pipeline, static _ => null));

        Assert.Equal((0, 1, 0, 0), Given.Told(_group, "a"));
    }

    [Fact]
    public async Task A_result_that_nobody_sees_is_disposed_of()
    {
        List<Resource> made = [];
        ResiliencePipeline pipeline = new ResiliencePipelineBuilder()
            .AddFailover(new FailoverStrategyOptions<object>
            {
                Group = _group,
                ShouldHandle = static arguments => new(arguments.Outcome.Result is Resource && arguments.Member.Name == "a"),
                MayReplay = static _ => PredicateResult.True(),
            })
            .Build();

        Resource got = await pipeline.ExecuteAsync(_ =>
        {
            made.Add(new Resource());
            return ValueTask.FromResult(made[^1]);
        });

        Assert.Equal([true, false], made.Select(resource => resource.IsDisposed));
        Assert.Same(made[1], got);
    }

    [Fact]
    public async Task The_callers_cancellation_counts_against_nobody()
    {
        using CancellationTokenSource caller = new();
        ResiliencePipeline<string> pipeline = Replaying(static options => options.ShouldHandle = static _ => PredicateResult.True());

        await Assert.ThrowsAsync<IOException>(async () => await pipeline.ExecuteAsync<string>(
            _ =>
            {
                _called.Add("once");
                caller.Cancel();
                throw new IOException("closed under it");
            },
            caller.Token));

        Assert.Equal(["once"], _called);
        Assert.Equal((0, 0, 0, 0), Given.Told(_group, "a"));
    }

    [Fact]
    public async Task The_time_limit_of_an_attempt_counts_against_its_member()
    {
        ResiliencePipeline<string> pipeline = new ResiliencePipelineBuilder<string>()
            .AddFailover(new FailoverStrategyOptions<string> { Group = _group, MayReplay = static _ => PredicateResult.True() })
            .AddTimeout(new TimeoutStrategyOptions { Timeout = TimeSpan.FromMilliseconds(50) })
            .Build();
        ResilienceContext context = ResilienceContextPool.Shared.Get();

        Assert.Equal("b", await pipeline.ExecuteAsync(
            static async c =>
            {
                if (c.GetFailoverMember().Name == "a")
                {
                    await Task.Delay(Timeout.Infinite, c.CancellationToken);
                }

                return c.GetFailoverMember().Name;
            },
            context));

        Assert.Equal((0, 1, 0, 0), Given.Told(_group, "a"));
        Assert.Equal("b", context.GetFailoverMember().Name);
    }

    [Theory]
    [InlineData("handle")]
    [InlineData("replay")]
    [InlineData("told")]
    public async Task What_a_predicate_throws_reaches_the_caller_and_leaves_no_call_open(string thrower)
    {
        ResiliencePipeline<string> pipeline = Replaying(options =>
        {
            options.ShouldHandle = _ => thrower == "handle" ? throw new FormatException() : PredicateResult.True();
            options.MayReplay = _ => thrower == "replay" ? throw new FormatException() : PredicateResult.True();
            options.OnFailover = _ => thrower == "told" ? throw new FormatException() : default;
        });

        await Assert.ThrowsAsync<FormatException>(() => ExecuteAsync(pipeline, static _ => new IOException()));

        Assert.Equal(thrower == "handle" ? (0, 0, 0, 0) : (0, 1, 0, 0), Given.Told(_group, "a"));
    }

    [Fact]
    public void A_pipeline_may_be_executed_synchronously()
    {
        ResiliencePipeline pipeline = new ResiliencePipelineBuilder()
            .AddFailover(new FailoverStrategyOptions<object> { Group = _group, MayReplay = static _ => PredicateResult.True() })
            .Build();
        ResilienceContext context = ResilienceContextPool.Shared.Get();

        Assert.Equal(7, pipeline.Execute(static c => c.GetFailoverMember().Name == "a" ? throw new IOException() : 7, context));
    }

    [Fact]
    public async Task Failures_move_the_group()
    {
        FailProbe probe = new();
        await using FailoverGroup group = Given.Group(probe);
        await group.WaitForActiveAsync(CancellationToken.None);
        ResiliencePipeline<string> pipeline = new ResiliencePipelineBuilder<string>().AddFailover(group).Build();
        probe.Fails = "a";

        await Given.UntilAsync(() =>
        {
            Outcome<string> outcome = pipeline.ExecuteOutcomeAsync(
                static (c, _) => c.GetFailoverMember().Name == "a" ? Outcome.FromExceptionAsValueTask<string>(new IOException()) : Outcome.FromResultAsValueTask("b"),
                ResilienceContextPool.Shared.Get(),
                0).AsTask().GetAwaiter().GetResult();
            return outcome.Result == "b";
        });

        Assert.Equal("b", group.Snapshot.Active?.Name);
    }

    [Fact]
    public void Options_without_a_group_are_refused() =>
        Assert.Contains("Group", Assert.Throws<ValidationException>(() => new ResiliencePipelineBuilder<string>().AddFailover(new FailoverStrategyOptions<string>())).Message, StringComparison.Ordinal);

    [Fact]
    public void Outside_a_pipeline_no_member_is_chosen() =>
        Assert.Throws<InvalidOperationException>(() => ResilienceContextPool.Shared.Get().GetFailoverMember());

    [Fact]
    public async Task Attempts_and_replays_are_told_as_Polly_tells_them()
    {
        Listener listener = new();
        var builder = new ResiliencePipelineBuilder<string> { TelemetryListener = listener };
        ResiliencePipeline<string> pipeline = builder.AddFailover(new FailoverStrategyOptions<string> { Group = _group, MayReplay = static _ => PredicateResult.True() }).Build();

        await ExecuteAsync(pipeline, static member => member == "a" ? new IOException() : null);

        Assert.Equal(["Failover ExecutionAttempt 0 True", "Failover OnFailover a -> b", "Failover ExecutionAttempt 1 False"], listener.Told);
    }

    private ResiliencePipeline<string> Replaying(Action<FailoverStrategyOptions<string>>? configure = null)
    {
        FailoverStrategyOptions<string> options = new() { Group = _group, MayReplay = static _ => PredicateResult.True() };
        configure?.Invoke(options);
        return new ResiliencePipelineBuilder<string>().AddFailover(options).Build();
    }

    /// <summary>Returns the name of the member that answered.</summary>
    private async Task<string> ExecuteAsync(ResiliencePipeline<string> pipeline, Func<string, Exception?> fault) => await pipeline.ExecuteAsync(
        async context =>
        {
            string member = context.GetFailoverMember().Name;
            _called.Add(member);
            await Task.Yield();
            return fault(member) is { } error ? throw error : member;
        },
        ResilienceContextPool.Shared.Get());

    private sealed class Resource : IDisposable
    {
        internal bool IsDisposed { get; private set; }

        public void Dispose() => IsDisposed = true;
    }

    private sealed class FailProbe : IMemberProbe
    {
        internal string? Fails { get; set; }

        public ValueTask<ProbeResult> ProbeAsync(FailoverMember member, CancellationToken cancellationToken) =>
            new(member.Name == Fails ? ProbeResult.Failure("down") : ProbeResult.Success());
    }

    private sealed class Listener : TelemetryListener
    {
        internal List<string> Told { get; } = [];

        public override void Write<TResult, TArgs>(in TelemetryEventArguments<TResult, TArgs> args)
        {
            if (args.Event.EventName is "PipelineExecuting" or "PipelineExecuted")
            {
                return;
            }

            string detail = args.Arguments is ExecutionAttemptArguments attempt ? $"{attempt.AttemptNumber} {attempt.Handled}" : $"{args.Arguments}";
            Told.Add($"{args.Source.StrategyName} {args.Event.EventName} {detail}");
        }
    }
}
