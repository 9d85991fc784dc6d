#pragma warning disable EF1001 // Npgsql's own class: only in its place can a connection be opened elsewhere. What is used of it is here alone.
using System.Data;
using System.Data.Common;
using System.Transactions;
using Failover.EntityFrameworkCore.Execution;
using Failover.PostgreSql;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using Npgsql.EntityFrameworkCore.PostgreSQL.Internal;
using Npgsql.EntityFrameworkCore.PostgreSQL.Storage.Internal;

namespace Failover.EntityFrameworkCore.Following;

/// <summary>
/// A context's connection, which follows the primary. EF Core keeps one object for the context's life: it is opened again as long as it leads to the primary, and another takes its place when it does not. That happens only where EF Core opens it, so
/// never under a transaction or a reader.
/// </summary>
internal sealed class FollowingConnection(RelationalConnectionDependencies dependencies, NpgsqlDataSourceManager sources, IDbContextOptions options) : NpgsqlRelationalConnection(dependencies, sources, options)
{
    private bool _isTheirs;
    private bool _isTaking;

    /// <summary>Gets what has gone over the connections of the context.</summary>
    internal ContextTraffic Traffic { get; } = new();

    /// <summary>Gets the data source that is followed; null where the app has given the context a connection of its own.</summary>
    internal FailoverDataSource? Source => _isTheirs ? null : DataSource as FailoverDataSource;

    /// <summary>Gets whether what runs now stands in something that began before: a transaction, or a session that was opened for more than one command.</summary>
    internal bool IsInUse => CurrentTransaction is not null || EnlistedTransaction is not null || CurrentAmbientTransaction is not null || OpenOne is not null;

    /// <summary>Gets the connection if it is open.</summary>
    internal NpgsqlConnection? OpenOne => DbConnection is { State: ConnectionState.Open } open ? open : null;

    /// <summary>Tells whether a connection is the one that the context has now.</summary>
    internal bool Is(DbConnection connection) => ReferenceEquals(DbConnection, connection);

    /// <summary>Gets where the context's connections go now: the provider makes its connection to the database <c>postgres</c> by it, which must not lead to any of the nodes.</summary>
    public override string? ConnectionString
    {
        get => Source is { } source ? source.CreateConnection().ConnectionString : base.ConnectionString;
        set => base.ConnectionString = value;
    }

    // Npgsql's looks into the connection string each time.
    public override Transaction? CurrentAmbientTransaction => Transaction.Current is null ? null : base.CurrentAmbientTransaction;

    public override void SetDbConnection(DbConnection? value, bool contextOwnsConnection)
    {
        if (!_isTaking)
        {
            _isTheirs = value is not null;
        }

        base.SetDbConnection(value, contextOwnsConnection);
    }

    protected override void OpenDbConnection(bool errorsExpected)
    {
        if (Source is not { } source)
        {
            base.OpenDbConnection(errorsExpected);
            return;
        }

        try
        {
            Take(source.Reopen(DbConnection));
        }
        catch
        {
            Replace(null);
            throw;
        }
    }

    protected override async Task OpenDbConnectionAsync(bool errorsExpected, CancellationToken cancellationToken)
    {
        if (Source is not { } source)
        {
            await base.OpenDbConnectionAsync(errorsExpected, cancellationToken).ConfigureAwait(false);
            return;
        }

        try
        {
            Take(await source.ReopenAsync(DbConnection, cancellationToken).ConfigureAwait(false));
        }
        catch
        {
            Replace(null);
            throw;
        }
    }

    // One that is still being opened, on a node that does not answer, was left behind: who left it ends it.
    protected override void CloseDbConnection()
    {
        if (DbConnection.State != ConnectionState.Connecting)
        {
            base.CloseDbConnection();
        }
    }

    protected override Task CloseDbConnectionAsync() => DbConnection.State == ConnectionState.Connecting ? Task.CompletedTask : base.CloseDbConnectionAsync();

    protected override void DisposeDbConnection()
    {
        if (DbConnection.State != ConnectionState.Connecting)
        {
            base.DisposeDbConnection();
        }
    }

    protected override ValueTask DisposeDbConnectionAsync() => DbConnection.State == ConnectionState.Connecting ? default : base.DisposeDbConnectionAsync();

    private void Take(NpgsqlConnection opened)
    {
        if (!ReferenceEquals(opened, DbConnection))
        {
            Replace(opened);
        }
    }

    /// <summary>Puts another connection in the place of the one that the context has, or, with null, one that is made when it is needed: one that could not be opened may have been disposed of.</summary>
    private void Replace(NpgsqlConnection? connection)
    {
        // EF Core takes a new connection for a new beginning: it forgets the timeout that the app has set, and refuses while the app counts as having opened the old one.
        int? timeout = CommandTimeout;
        _isTaking = true;
        try
        {
            Dispose();
            SetDbConnection(connection, contextOwnsConnection: true);
        }
        finally
        {
            _isTaking = false;
        }

        CommandTimeout = timeout;
    }
}
