using Failover.EntityFrameworkCore.Following;
using Failover.PostgreSql;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;

namespace Failover.EntityFrameworkCore.Execution;

/// <summary>
/// Repeats work that failed with its node, and of which nothing can have been committed. Work in a transaction, or on a connection, that began before it is never repeated.
/// </summary>
internal sealed class FailoverExecutionStrategy(ExecutionStrategyDependencies dependencies, FailoverContextOptions options) : IExecutionStrategy
{
    private FollowingConnection? _connection;

    /// <summary>Gets false: EF Core would refuse transactions that the app began, and read each result into memory as a whole before it hands out the first row.</summary>
    public bool RetriesOnFailure => false;

    private DbContext Context => dependencies.CurrentContext.Context;

    public TResult Execute<TState, TResult>(TState state, Func<DbContext, TState, TResult> operation, Func<DbContext, TState, ExecutionResult<TResult>>? verifySucceeded)
    {
        Attempts attempts = Begin();
        List<Exception>? failures = null;
        while (true)
        {
            TimeSpan pause;
            try
            {
                return operation(Context, state);
            }
            catch (Exception exception)
            {
                Decision decision = attempts.Decide(exception);
                if ((decision.Failure ?? exception) is OutcomeUnknownException unknown && verifySucceeded is not null && Verified(state, verifySucceeded, unknown) is { IsSuccessful: true } verified)
                {
                    return verified.Result;
                }

                if (decision.Failure is { } failure)
                {
                    throw failure;
                }

                if (decision.Pause is not { } length)
                {
                    throw;
                }

                pause = length;
                (failures ??= []).Add(exception);
            }

            dependencies.Logger.ExecutionStrategyRetrying(failures, pause, async: false);
            Task.Delay(pause, Time).GetAwaiter().GetResult();
        }
    }

    public async Task<TResult> ExecuteAsync<TState, TResult>(
        TState state, Func<DbContext, TState, CancellationToken, Task<TResult>> operation, Func<DbContext, TState, CancellationToken, Task<ExecutionResult<TResult>>>? verifySucceeded, CancellationToken cancellationToken = default)
    {
        Attempts attempts = Begin();
        List<Exception>? failures = null;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            TimeSpan pause;
            try
            {
                return await operation(Context, state, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                Decision decision = attempts.Decide(exception);
                if ((decision.Failure ?? exception) is OutcomeUnknownException unknown && verifySucceeded is not null
                    && await VerifiedAsync(state, verifySucceeded, unknown, cancellationToken).ConfigureAwait(false) is { IsSuccessful: true } verified)
                {
                    return verified.Result;
                }

                if (decision.Failure is { } failure)
                {
                    throw failure;
                }

                if (decision.Pause is not { } length)
                {
                    throw;
                }

                pause = length;
                (failures ??= []).Add(exception);
            }

            dependencies.Logger.ExecutionStrategyRetrying(failures, pause, async: true);
            await Task.Delay(pause, Time, cancellationToken).ConfigureAwait(false);
        }
    }

    private TimeProvider Time => _connection?.Source?.Time ?? TimeProvider.System;

    private Attempts Begin() => new(_connection ??= Context.GetService<IRelationalConnection>() as FollowingConnection, options);

    /// <summary>Asks the caller's own check whether work of unknown outcome was done. A yes settles it; a no does not, as a commit may still be under way. If the check fails, what is known stays what it was.</summary>
    private ExecutionResult<TResult> Verified<TState, TResult>(TState state, Func<DbContext, TState, ExecutionResult<TResult>> verifySucceeded, OutcomeUnknownException unknown)
    {
        try
        {
            return Execute(state, verifySucceeded, null);
        }
        catch (Exception exception)
        {
            throw new OutcomeUnknownException($"{unknown.Message} The check whether it was done failed: {exception.Message}", unknown);
        }
    }

    /// <inheritdoc cref="Verified"/>
    private async Task<ExecutionResult<TResult>> VerifiedAsync<TState, TResult>(
        TState state, Func<DbContext, TState, CancellationToken, Task<ExecutionResult<TResult>>> verifySucceeded, OutcomeUnknownException unknown, CancellationToken cancellationToken)
    {
        try
        {
            return await ExecuteAsync(state, verifySucceeded, null, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            throw new OutcomeUnknownException($"{unknown.Message} The check whether it was done failed: {exception.Message}", unknown);
        }
    }
}
