using System.Data.Common;
using Failover.EntityFrameworkCore.Execution;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

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

    private static void Begin(DbCommand command, CommandEventData data)
    {
        if (!ReferenceEquals(command.Connection, data.Connection))
        {
            command.Connection = data.Connection;
        }

        if (data.Context?.GetService<IRelationalConnection>() is FollowingConnection { Source: not null } following && data.Connection is NpgsqlConnection connection)
        {
            following.Traffic.Begin(connection, isQuery: data.CommandSource == CommandSource.LinqQuery);
        }
    }
}
