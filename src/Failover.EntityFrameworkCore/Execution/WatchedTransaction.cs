using System.Data.Common;
using Failover.EntityFrameworkCore.Following;
using Failover.PostgreSql;
using Failover.PostgreSql.Execution;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Storage;

namespace Failover.EntityFrameworkCore.Execution;

/// <summary>A transaction, of EF Core's own or one that the app began, whose commit tells what became of it.</summary>
internal sealed class WatchedTransaction(
    FollowingConnection connection, DbTransaction transaction, Guid transactionId, IDiagnosticsLogger<DbLoggerCategory.Database.Transaction> logger, bool transactionOwned, ISqlGenerationHelper sql)
    : RelationalTransaction(connection, transaction, transactionId, logger, transactionOwned, sql)
{
    public override void Commit()
    {
        TrafficMark before = Begin();
        try
        {
            base.Commit();
        }
        catch (Exception exception) when (Explain(exception, before) is { } explained)
        {
            throw explained;
        }
    }

    public override async Task CommitAsync(CancellationToken cancellationToken = default)
    {
        TrafficMark before = Begin();
        try
        {
            await base.CommitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (Explain(exception, before) is { } explained)
        {
            throw explained;
        }
    }

    // EF Core makes one before it saves in a transaction of the app.
    public override void CreateSavepoint(string name)
    {
        TrafficMark before = connection.Traffic.Mark();
        try
        {
            base.CreateSavepoint(name);
        }
        catch (Exception exception) when (Explain(exception, before) is { } explained)
        {
            throw explained;
        }
    }

    public override async Task CreateSavepointAsync(string name, CancellationToken cancellationToken = default)
    {
        TrafficMark before = connection.Traffic.Mark();
        try
        {
            await base.CreateSavepointAsync(name, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (Explain(exception, before) is { } explained)
        {
            throw explained;
        }
    }

    private TrafficMark Begin()
    {
        TrafficMark before = connection.Traffic.Mark();
        if (connection.OpenOne is { } open)
        {
            connection.Traffic.Begin(open, isQuery: false);
        }

        return before;
    }

    private FailoverException? Explain(Exception exception, TrafficMark before)
    {
        FailoverException? explained = exception is FailoverException ? null : connection.Traffic.Judge(exception, before) switch
        {
            Outcome.Unknown => Tell.Unknown(exception),
            Outcome.NotExecuted when exception is not OperationCanceledException => Tell.NotExecuted(exception),
            _ => null,
        };
        connection.Traffic.Failure = explained ?? exception;
        return explained;
    }
}

/// <summary>Makes transactions that tell what became of their commit.</summary>
internal sealed class WatchedTransactionFactory(RelationalTransactionFactoryDependencies dependencies) : IRelationalTransactionFactory
{
    public RelationalTransaction Create(IRelationalConnection connection, DbTransaction transaction, Guid transactionId, IDiagnosticsLogger<DbLoggerCategory.Database.Transaction> logger, bool transactionOwned) =>
        connection is FollowingConnection { Source: not null } following
            ? new WatchedTransaction(following, transaction, transactionId, logger, transactionOwned, dependencies.SqlGenerationHelper)
            : new RelationalTransaction(connection, transaction, transactionId, logger, transactionOwned, dependencies.SqlGenerationHelper);
}
