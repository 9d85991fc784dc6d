using System.Collections.Immutable;
using Polly;
using Polly.Telemetry;

namespace Failover.Polly;

/// <summary>Tries the members of a group, each at most once an execution. All state is the group's.</summary>
internal sealed class FailoverStrategy<TResult> : ResilienceStrategy<TResult>
{
    private static readonly ResilienceEvent Replayed = new(ResilienceEventSeverity.Warning, "OnFailover");
    private static readonly ResilienceEvent Answered = new(ResilienceEventSeverity.Information, "ExecutionAttempt");
    private static readonly ResilienceEvent Broke = new(ResilienceEventSeverity.Warning, "ExecutionAttempt");

    private readonly FailoverGroup _group;
    private readonly Func<FailoverPredicateArguments<TResult>, ValueTask<bool>> _shouldHandle;
    private readonly Func<FailoverPredicateArguments<TResult>, ValueTask<bool>> _mayReplay;
    private readonly Func<OnFailoverArguments<TResult>, ValueTask>? _onFailover;
    private readonly ResilienceStrategyTelemetry _telemetry;
    private readonly TimeProvider _time;

    internal FailoverStrategy(FailoverStrategyOptions<TResult> options, StrategyBuilderContext context)
    {
        _group = options.Group!;
        _shouldHandle = options.ShouldHandle;
        _mayReplay = options.MayReplay;
        _onFailover = options.OnFailover;
        _telemetry = context.Telemetry;
        _time = context.TimeProvider;
    }

    protected override async ValueTask<Outcome<TResult>> ExecuteCore<TState>(Func<ResilienceContext, TState, ValueTask<Outcome<TResult>>> callback, ResilienceContext context, TState state)
    {
        ImmutableArray<MemberSnapshot> route = _group.Snapshot.Route;
        if (route.IsEmpty)
        {
            return Outcome.FromException<TResult>(new InvalidOperationException($"Group {_group.Name} has no members yet: nothing was executed."));
        }

        var book = default(AttemptBook);
        bool answered = false;
        try
        {
            for (int at = 0; ; at++)
            {
                MemberSnapshot target = route[at];
                context.Properties.Set(FailoverResilienceContextExtensions.MemberKey, target.Member);
                long begun = _time.GetTimestamp();
                (Outcome<TResult> outcome, AttemptEnd end) = await AttemptAsync(callback, context, state, target).ConfigureAwait(context.ContinueOnCapturedContext);
                if (end.Failed)
                {
                    book.Add(target.Meter, end.Call);
                }

                answered = end.Answered;
                _telemetry.Report(end.Failed ? Broke : Answered, context, outcome, new ExecutionAttemptArguments(at, _time.GetElapsedTime(begun), end.Failed));
                if (!end.Failed
                    || at + 1 == route.Length
                    || context.CancellationToken.IsCancellationRequested
                    || !await _mayReplay(new(context, outcome, target.Member)).ConfigureAwait(context.ContinueOnCapturedContext))
                {
                    return outcome;
                }

                book.GoOn();
                await TellAsync(new(context, outcome, target.Member, route[at + 1].Member)).ConfigureAwait(context.ContinueOnCapturedContext);
                await DisposeAsync(outcome, context).ConfigureAwait(context.ContinueOnCapturedContext);
            }
        }
        finally
        {
            book.Conclude(answered);
        }
    }

    /// <summary>One attempt. Its meter has been told, unless it failed: then the caller tells it.</summary>
    private async ValueTask<(Outcome<TResult> Outcome, AttemptEnd End)> AttemptAsync<TState>(Func<ResilienceContext, TState, ValueTask<Outcome<TResult>>> callback, ResilienceContext context, TState state, MemberSnapshot target)
    {
        long call = target.Meter.Start();
        Outcome<TResult> outcome;
        try
        {
            outcome = await callback(context, state).ConfigureAwait(context.ContinueOnCapturedContext);
        }
        catch (Exception error)
        {
            outcome = Outcome.FromException<TResult>(error);
        }

        bool failed = false;
        bool told = false;
        try
        {
            // Once the caller has given up, whatever an attempt throws is his doing.
            failed = (outcome.Exception is null || !context.CancellationToken.IsCancellationRequested)
                && await _shouldHandle(new(context, outcome, target.Member)).ConfigureAwait(context.ContinueOnCapturedContext);
            told = true;
        }
        finally
        {
            if (!told)
            {
                target.Meter.Cancelled(call);
            }
        }

        bool answered = !failed && outcome.Exception is null;
        if (answered)
        {
            target.Meter.Succeeded(call);
        }
        else if (!failed)
        {
            target.Meter.Cancelled(call);
        }

        return (outcome, new(call, failed, answered));
    }

    private async ValueTask TellAsync(OnFailoverArguments<TResult> arguments)
    {
        _telemetry.Report(Replayed, arguments.Context, arguments.Outcome, arguments);
        if (_onFailover is not null)
        {
            await _onFailover(arguments).ConfigureAwait(arguments.Context.ContinueOnCapturedContext);
        }
    }

    /// <summary>A result that nobody will see. What its disposal throws matters as little.</summary>
    private static async ValueTask DisposeAsync(Outcome<TResult> outcome, ResilienceContext context)
    {
        try
        {
            // At once where that can be: the pipeline may be executed synchronously.
            if (outcome.Result is IDisposable now)
            {
                now.Dispose();
            }
            else if (outcome.Result is IAsyncDisposable later)
            {
                await later.DisposeAsync().ConfigureAwait(context.ContinueOnCapturedContext);
            }
        }
        catch (Exception)
        {
            // The next member is tried all the same.
        }
    }

    private readonly record struct AttemptEnd(long Call, bool Failed, bool Answered);
}
