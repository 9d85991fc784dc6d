using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;

namespace Failover.EntityFrameworkCore.Following;

/// <summary>
/// Sees each command before it is sent: whether it is a query, and over which connection. And gives it the context's connection, since EF Core makes some commands before it opens that, which may be when another one takes its place.
/// </summary>
internal sealed class CommandWatch : DbCommandInterceptor
{
    internal static readonly CommandWatch Instance = new();

    public override InterceptionResult<DbDataReader> ReaderExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result)
    {
        Begin(command, eventData);
        return result;
    }

    public override InterceptionResult<object> ScalarExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<object> result)
    {
        Begin(command, eventData);
        return result;
    }

    public override InterceptionResult<int> NonQueryExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<int> result)
    {
        Begin(command, eventData);
        return result;
    }

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
    {
        Begin(command, eventData);
        return new(result);
    }

    public override ValueTask<InterceptionResult<object>> ScalarExecutingAsync(DbCommand command, CommandEventData eventData, InterceptionResult<object> result, CancellationToken cancellationToken = default)
    {
        Begin(command, eventData);
        return new(result);
    }

    public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        Begin(command, eventData);
        return new(result);
    }

    public override void CommandFailed(DbCommand command, CommandErrorEventData eventData) => Failed(eventData, eventData.Connection, eventData.Exception);

    public override Task CommandFailedAsync(DbCommand command, CommandErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        Failed(eventData, eventData.Connection, eventData.Exception);
        return Task.CompletedTask;
    }

    public override void CommandCanceled(DbCommand command, CommandEndEventData eventData) => Canceled(eventData);

    public override Task CommandCanceledAsync(DbCommand command, CommandEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Canceled(eventData);
        return Task.CompletedTask;
    }

    private static void Begin(DbCommand command, CommandEventData data)
    {
        if (Following(data, data.Connection) is not { OpenOne: { } connection } following)
        {
            return;
        }

        if (!ReferenceEquals(command.Connection, connection))
        {
            command.Connection = connection;
        }

        following.Traffic.Begin(connection, isQuery: data.CommandSource == CommandSource.LinqQuery);
    }

    private static void Failed(DbContextEventData data, DbConnection connection, Exception exception)
    {
        if (Following(data, connection) is { } following)
        {
            following.Traffic.Failure = exception;
        }
    }

    private static void Canceled(CommandEndEventData data)
    {
        if (Following(data, data.Connection) is { } following)
        {
            following.Traffic.IsCanceled = true;
        }
    }

    /// <summary>Finds the context's connection; null for one that Npgsql's provider has made for itself.</summary>
    private static FollowingConnection? Following(DbContextEventData data, DbConnection connection) =>
        data.Context?.GetService<IRelationalConnection>() is FollowingConnection { Source: not null } following && following.Is(connection) ? following : null;
}
