using Failover.Redis.Following;
using Microsoft.Extensions.Primitives;
using StackExchange.Redis;

namespace Failover.Redis.Execution;

/// <summary>Does work on the current master, tells for certain what became of it where that can be told, and does it again where it may. Safe for any thread.</summary>
/// <param name="group">The group.</param>
/// <param name="database">Gets the database of the master; the token ends the wait for its connection.</param>
/// <param name="recheck">Who has the group look at its nodes.</param>
/// <param name="whatIsKnown">Says what is known of sentinels and nodes, for who is refused.</param>
/// <param name="maxWait">How long to wait for a master, and to repeat.</param>
/// <param name="time">The clock.</param>
internal sealed class RedisExecutor(FailoverGroup group, Func<CancellationToken, Task<IDatabase>> database, RecheckTrigger recheck, Func<string> whatIsKnown, Func<TimeSpan> maxWait, TimeProvider time)
{
    /// <summary>Before the second attempt; then twice as long each time, up to <see cref="LongestPause"/>.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    internal async Task<T> RunAsync<T>(Func<IDatabase, CancellationToken, Task<T>> work, RedisExecuteOptions options, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        long began = time.GetTimestamp();
        TimeSpan pause = Pause;
        RedisOutcomeUnknownException? unknown = null;
        using CancellationTokenSource? limit = options.Timeout is { } timeout ? new(timeout, time) : null;
        using var call = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit?.Token ?? CancellationToken.None);
        while (true)
        {
            FailoverRedisException failure;
            IDatabase master = await MasterAsync(unknown, call.Token, cancellationToken).ConfigureAwait(false);
            if (limit is { IsCancellationRequested: true })
            {
                throw unknown ?? (FailoverRedisException)new RedisNotExecutedException($"The time of the work ({options.Timeout}) was up before it was begun.", null);
            }

            Task<T>? running = null;
            try
            {
                running = work(master, call.Token);
                return await running.WaitAsync(call.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException cancelled) when (call.IsCancellationRequested)
            {
                throw Left(running, options, cancelled, cancellationToken);
            }
            catch (Exception exception) when (FailureOf(exception) is { } met)
            {
                recheck.Want();
                failure = met;
            }

            unknown ??= failure as RedisOutcomeUnknownException;
            bool isRepeatable = (options.IsIdempotent || (options.IsRepeatable && unknown is null)) && time.GetElapsedTime(began) < maxWait();
            if (isRepeatable)
            {
                await Task.Delay(pause, time, call.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }

            // Who has gone meanwhile has nothing done any more, and is told of what was.
            if (!isRepeatable || call.IsCancellationRequested)
            {
                throw unknown ?? failure;
            }
        }
    }

    /// <summary>What a failover, or a node that is none to send commands to, did to a command; null if the exception is the caller's own, or says no to the command itself.</summary>
    private static FailoverRedisException? FailureOf(Exception exception) => exception is not (RedisServerException or RedisConnectionException or RedisTimeoutException) ? null : RedisOutcome.Of(exception) switch
    {
        RedisExecution.NotExecuted => new RedisNotExecutedException("The master was not reached, or refused the command for its own state, and the command was not executed: it may be done again.", exception),
        RedisExecution.Unknown => new RedisOutcomeUnknownException("The connection to the master was lost, or gave no answer in time, while the command may have been executed: look whether it was done before it is done again.", exception),
        _ => null,
    };

    /// <summary>
    /// What is told to who goes before the work has ended. Commands cannot be called back: what was begun may be executed, and what waits in the multiplexer's backlog may be so a little later. So the token's own exception, which says that nothing was done, is only for work
    /// of which it does not matter.
    /// </summary>
    private static Exception Left(Task? running, RedisExecuteOptions options, OperationCanceledException cancelled, CancellationToken callers)
    {
        // Whatever it ends with: nobody is there to see it.
        _ = running?.ContinueWith(static left => left.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return callers.IsCancellationRequested && options.IsIdempotent
            ? new OperationCanceledException("The caller cancelled the work.", cancelled, callers)
            : new RedisOutcomeUnknownException($"{(callers.IsCancellationRequested ? "The caller cancelled the work" : $"The time of the work ({options.Timeout}) was up")} while it was being done: look whether it was done before it is done again.", cancelled);
    }

    /// <summary>Waits for the master and its connection; nothing was sent if there is none, but for what was sent before.</summary>
    private async Task<IDatabase> MasterAsync(RedisOutcomeUnknownException? before, CancellationToken limit, CancellationToken callers)
    {
        Task<IDatabase>? connecting = MasterOf.Snapshot(group.Snapshot) is not null ? database(limit) : null;
        if (connecting is { IsCompletedSuccessfully: true })
        {
            return await connecting.ConfigureAwait(false);
        }

        using CancellationTokenSource patience = new(maxWait(), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit, patience.Token);
        OperationCanceledException? cancelled = null;
        try
        {
            if (await IsThereAsync(either.Token).ConfigureAwait(false))
            {
                IDatabase master = await (connecting ?? database(either.Token)).WaitAsync(either.Token).ConfigureAwait(false);
                either.Token.ThrowIfCancellationRequested();
                return master;
            }
        }
        catch (OperationCanceledException exception)
        {
            if (callers.IsCancellationRequested)
            {
                throw new OperationCanceledException("The caller cancelled the work.", exception, callers);
            }

            cancelled = exception;
        }

        throw before ?? (FailoverRedisException)new MasterUnavailableException(whatIsKnown(), cancelled);
    }

    /// <summary>Waits until there is a master; false if there is none to be waited for.</summary>
    private async ValueTask<bool> IsThereAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            IChangeToken change = group.GetChangeToken();
            GroupSnapshot snapshot = group.Snapshot;
            if (MasterOf.Snapshot(snapshot) is not null)
            {
                return true;
            }

            if (!MasterOf.MayCome(snapshot))
            {
                return false;
            }

            TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
            using IDisposable registration = change.RegisterChangeCallback(static state => ((TaskCompletionSource)state!).TrySetResult(), changed);
            await changed.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
