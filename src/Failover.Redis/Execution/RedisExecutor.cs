using StackExchange.Redis;

namespace Failover.Redis.Execution;

/// <summary>Does work on the current master, tells for certain what became of it where that can be told, and does it again where it may. Safe for any thread.</summary>
internal sealed class RedisExecutor(FailoverGroup group, Func<CancellationToken, Task<IDatabase>> database, Func<string> whatIsKnown, Func<TimeSpan> maxWait, TimeProvider time)
{
    /// <summary>Before the second attempt; then twice as long each time, up to <see cref="LongestPause"/>.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    internal async Task<T> RunAsync<T>(Func<IDatabase, CancellationToken, Task<T>> work, RedisExecuteOptions options, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        long began = time.GetTimestamp();
        TimeSpan pause = Pause;
        using CancellationTokenSource limit = options.Timeout is { } timeout ? new(timeout, time) : new();
        using var call = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        while (true)
        {
            FailoverRedisException failure;
            IDatabase master = await MasterAsync(call.Token, cancellationToken).ConfigureAwait(false);
            Task<T> running = work(master, call.Token);
            try
            {
                return await running.WaitAsync(call.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (call.IsCancellationRequested)
            {
                // Whoever cancels does not ask what became of it; whoever ran out of time does.
                cancellationToken.ThrowIfCancellationRequested();
                throw new RedisOutcomeUnknownException($"The time of the work ({options.Timeout}) was up while it was being done: look whether it was done before it is done again.", running.Exception?.InnerException);
            }
            catch (Exception exception) when (IsOfFailover(exception, out RedisExecution outcome))
            {
                group.Hint(new Hint(HintKind.LookNow, "redis-errors"));
                failure = outcome == RedisExecution.NotExecuted
                    ? new RedisNotExecutedException("The master failed, refused the command or was not reached, and the command was not executed: it may be done again.", exception)
                    : new RedisOutcomeUnknownException("The connection to the master was lost, or gave no answer in time, while the command may have been executed: look whether it was done before it is done again.", exception);
            }

            if (!options.IsRepeatable || time.GetElapsedTime(began) >= maxWait() || call.IsCancellationRequested)
            {
                throw failure;
            }

            await Task.Delay(pause, time, call.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    /// <summary>Whether a failover, or a node that is none to write to, is to blame, and not the command.</summary>
    private static bool IsOfFailover(Exception exception, out RedisExecution outcome)
    {
        outcome = RedisOutcome.Of(exception);
        return outcome switch
        {
            RedisExecution.Refused => false,

            // A server that is out of memory, or lacks replicas, says so before it runs anything: it is told, and tried again.
            RedisExecution.NotExecuted => exception is RedisException or RedisTimeoutException,
            _ => exception is RedisConnectionException or RedisTimeoutException,
        };
    }

    private async Task<IDatabase> MasterAsync(CancellationToken limit, CancellationToken callers)
    {
        using CancellationTokenSource patience = new(maxWait(), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit, patience.Token);
        try
        {
            if (group.Snapshot.Active is null)
            {
                await group.WaitForActiveAsync(either.Token).ConfigureAwait(false);
            }

            return await database(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException cancelled)
        {
            callers.ThrowIfCancellationRequested();
            throw new MasterUnavailableException(whatIsKnown(), cancelled);
        }
    }
}
