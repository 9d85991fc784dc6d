using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Failover.EntityFrameworkCore.Tests.Shop;

/// <summary>An app's own interceptor: what it saw, in order.</summary>
internal sealed class Seen : IDbConnectionInterceptor, IDbCommandInterceptor, IDbTransactionInterceptor
{
    internal List<string> Events { get; } = [];

    internal int Commands => Events.Count(static seen => seen is "reader" or "non-query");

    public ValueTask<InterceptionResult> ConnectionOpeningAsync(DbConnection connection, ConnectionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default) => new(Add("opening", result));

    public Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Events.Add($"opened {connection.State}");
        return Task.CompletedTask;
    }

    public ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default) => new(Add("reader", result));

    public ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default) => new(Add("non-query", result));

    public ValueTask<InterceptionResult> TransactionCommittingAsync(DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default) => new(Add("committing", result));

    public Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Events.Add("committed");
        return Task.CompletedTask;
    }

    public Task TransactionFailedAsync(DbTransaction transaction, TransactionErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        Events.Add("failed");
        return Task.CompletedTask;
    }

    private T Add<T>(string seen, T result)
    {
        Events.Add(seen);
        return result;
    }
}
