#pragma warning disable EF1001 // INpgsqlRelationalConnection: see FollowingConnection.
using Failover.EntityFrameworkCore;
using Failover.EntityFrameworkCore.Execution;
using Failover.EntityFrameworkCore.Following;
using Failover.PostgreSql;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql.EntityFrameworkCore.PostgreSQL.Infrastructure;
using Npgsql.EntityFrameworkCore.PostgreSQL.Storage.Internal;

namespace Microsoft.EntityFrameworkCore;

/// <summary>Lets a context follow the primary of a PostgreSQL cluster.</summary>
public static class FailoverDbContextOptionsBuilderExtensions
{
    /// <summary>
    /// Lets the context use PostgreSQL through a data source that follows the primary, in place of <c>UseNpgsql</c>. A context may live across a failover; queries, and changes of which nothing can have been committed, are repeated.
    /// </summary>
    /// <param name="options">The options of the context.</param>
    /// <param name="dataSource">Where the connections come from. It is not disposed of with the context.</param>
    public static DbContextOptionsBuilder UseFailover(this DbContextOptionsBuilder options, FailoverDataSource dataSource) =>
        options.UseFailover(dataSource, FailoverContextOptions.Default, static _ => { });

    /// <param name="options">The options of the context.</param>
    /// <param name="dataSource">Where the connections come from. It is not disposed of with the context.</param>
    /// <param name="npgsql">Says more to Npgsql's provider. What maps types (<c>MapEnum</c>, <c>UseNodaTime</c>) must be said to the data source, too. Called at once.</param>
    /// <inheritdoc cref="UseFailover(DbContextOptionsBuilder, FailoverDataSource)" path="/summary"/>
    public static DbContextOptionsBuilder UseFailover(this DbContextOptionsBuilder options, FailoverDataSource dataSource, Action<NpgsqlDbContextOptionsBuilder> npgsql) =>
        options.UseFailover(dataSource, FailoverContextOptions.Default, npgsql);

    /// <param name="options">The options of the context.</param>
    /// <param name="dataSource">Where the connections come from. It is not disposed of with the context.</param>
    /// <param name="failover">What the context does by itself.</param>
    /// <param name="npgsql">Says more to Npgsql's provider. An execution strategy that is set here takes the place of ours; Npgsql's own (<c>EnableRetryOnFailure</c>) repeats writes of unknown outcome. Called at once.</param>
    /// <inheritdoc cref="UseFailover(DbContextOptionsBuilder, FailoverDataSource)" path="/summary"/>
    public static DbContextOptionsBuilder UseFailover(this DbContextOptionsBuilder options, FailoverDataSource dataSource, FailoverContextOptions failover, Action<NpgsqlDbContextOptionsBuilder> npgsql)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(dataSource);
        ArgumentNullException.ThrowIfNull(failover);
        ArgumentNullException.ThrowIfNull(npgsql);
        return options
            .UseNpgsql(dataSource, provider =>
            {
                provider.ExecutionStrategy(dependencies => new FailoverExecutionStrategy(dependencies, failover));
                npgsql(provider);
            })
            .ReplaceService<INpgsqlRelationalConnection, FollowingConnection>()
            .ReplaceService<IRelationalTransactionFactory, WatchedTransactionFactory>()
            .AddInterceptors(CommandWatch.Instance);
    }

    /// <inheritdoc cref="UseFailover(DbContextOptionsBuilder, FailoverDataSource)"/>
    public static DbContextOptionsBuilder<TContext> UseFailover<TContext>(this DbContextOptionsBuilder<TContext> options, FailoverDataSource dataSource)
        where TContext : DbContext =>
        (DbContextOptionsBuilder<TContext>)UseFailover((DbContextOptionsBuilder)options, dataSource);

    /// <inheritdoc cref="UseFailover(DbContextOptionsBuilder, FailoverDataSource, Action{NpgsqlDbContextOptionsBuilder})"/>
    public static DbContextOptionsBuilder<TContext> UseFailover<TContext>(this DbContextOptionsBuilder<TContext> options, FailoverDataSource dataSource, Action<NpgsqlDbContextOptionsBuilder> npgsql)
        where TContext : DbContext =>
        (DbContextOptionsBuilder<TContext>)UseFailover((DbContextOptionsBuilder)options, dataSource, npgsql);

    /// <inheritdoc cref="UseFailover(DbContextOptionsBuilder, FailoverDataSource, FailoverContextOptions, Action{NpgsqlDbContextOptionsBuilder})"/>
    public static DbContextOptionsBuilder<TContext> UseFailover<TContext>(this DbContextOptionsBuilder<TContext> options, FailoverDataSource dataSource, FailoverContextOptions failover, Action<NpgsqlDbContextOptionsBuilder> npgsql)
        where TContext : DbContext =>
        (DbContextOptionsBuilder<TContext>)UseFailover((DbContextOptionsBuilder)options, dataSource, failover, npgsql);
}
