using System.Data.Common;
using System.Globalization;
using System.Text;
using Failover.PostgreSql.Leases;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;

namespace Failover.PostgreSql;

/// <summary>
/// Keeps leases in a table of PostgreSQL, judged by the server's clock. Over a <see cref="FailoverDataSource"/> it asks the node that proves to be the primary, and so follows a failover: a holder keeps its lease and its token, and nobody else is
/// granted one until those have run out that asynchronous replication may have lost. The lineage of its tokens is the identifier of the database cluster. Safe for any thread.
/// </summary>
/// <remarks>Dispose of it to end the connection over which it listens. It does not own the data source.</remarks>
public sealed class PostgreSqlLeaseStore : ILeaseStore, IAsyncDisposable
{
    private static readonly TimeSpan LookLimit = TimeSpan.FromSeconds(5);

    private readonly LeaseTable _table;
    private readonly LeaseListener? _listener;

    /// <summary>Initializes a store that keeps leases in the table <c>failover_leases</c>, which is made when it is first used.</summary>
    /// <param name="source">
    /// Gives connections to the primary: a <see cref="FailoverDataSource"/>, or an <see cref="NpgsqlDataSource"/>. The latter also takes a former primary that nobody fenced, and then there may be two holders, whom only their tokens tell apart.
    /// </param>
    public PostgreSqlLeaseStore(DbDataSource source)
        : this(source, new())
    {
    }

    /// <summary>Initializes a store.</summary>
    /// <param name="source">
    /// Gives connections to the primary: a <see cref="FailoverDataSource"/>, or an <see cref="NpgsqlDataSource"/>. The latter also takes a former primary that nobody fenced, and then there may be two holders, whom only their tokens tell apart.
    /// </param>
    /// <param name="options">Where and how leases are kept. Read once.</param>
    /// <exception cref="OptionsValidationException">A setting is not allowed.</exception>
    public PostgreSqlLeaseStore(DbDataSource source, PostgreSqlLeaseOptions options)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(options);
        _table = new(source, PostgreSqlLeaseRules.Table(options), options.CreateTable);
        _listener = options.Listen ? new(_table.OpenAsync, _table.Listen, source is FailoverDataSource ours ? ours.Time : TimeProvider.System) : null;
    }

    /// <inheritdoc/>
    /// <exception cref="LeaseStoreException">The server refuses, or no node proves to be the primary.</exception>
    public ValueTask<LeaseAnswer> TakeAsync(LeaseRequest request, CancellationToken cancellationToken)
    {
        Check(request);
        return _table.AskAsync(
            static statements => statements.Take,
            () => [.. Who(request), .. What(request)],
            request.Duration,
            row => row!.IsDBNull(1)
                ? LeaseAnswer.Held(Text(row, 3), row.IsDBNull(4) || row.GetInt64(4) <= 0 ? null : TimeSpan.FromMilliseconds(row.GetInt64(4)))
                : LeaseAnswer.Granted(new(new(row.GetString(0), row.GetInt64(1)), request.Duration) { Unreleased = Text(row, 2) }),
            cancellationToken);
    }

    /// <inheritdoc/>
    /// <exception cref="LeaseStoreException">The server refuses, or no node proves to be the primary.</exception>
    public ValueTask<LeaseGrant?> RenewAsync(LeaseRequest request, LeaseGrant grant, CancellationToken cancellationToken)
    {
        Check(request);
        ArgumentNullException.ThrowIfNull(grant);
        return _table.AskAsync(
            static statements => statements.Renew,
            () => [.. Who(request), .. What(request)],
            request.Duration,
            row => row is null ? null : new LeaseGrant(new(row.GetString(0), row.GetInt64(1)), request.Duration),
            cancellationToken);
    }

    /// <inheritdoc/>
    /// <exception cref="LeaseStoreException">The server refuses, or no node proves to be the primary.</exception>
    public async ValueTask ReleaseAsync(LeaseRequest request, CancellationToken cancellationToken)
    {
        Check(request);
        await _table.AskAsync<object?>(static statements => statements.Release, () => [.. Who(request), Boolean(request.Settles)], request.Duration, static _ => null, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    /// <exception cref="LeaseStoreException">The server refuses, no node proves to be the primary, or <see cref="PostgreSqlLeaseOptions.Listen"/> is false.</exception>
    public async ValueTask WaitForChangeAsync(string resource, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(resource);
        if (_listener is null)
        {
            throw new LeaseStoreException($"{nameof(PostgreSqlLeaseOptions.Listen)} is false");
        }

        try
        {
            await _listener.WaitAsync(resource, IsFreeAsync, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (_table.WhyNot(failure) is { } why)
        {
            throw new LeaseStoreException(why, failure);
        }

        ValueTask<bool> IsFreeAsync() => _table.AskAsync(static statements => statements.IsFree, () => [String(resource)], LookLimit, static row => row!.GetBoolean(0), cancellationToken);
    }

    /// <summary>Ends the connection over which it listens, and whoever waits there. Leases are kept, renewed and given back as before.</summary>
    public ValueTask DisposeAsync() => _listener?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static void Check(LeaseRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentException.ThrowIfNullOrWhiteSpace(request.Resource);
        if (Encoding.UTF8.GetByteCount(request.Resource) > PostgreSqlLeaseRules.MaxResource)
        {
            throw new ArgumentException($"A resource has a name of {PostgreSqlLeaseRules.MaxResource} bytes at most.", nameof(request));
        }

        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(request.Duration, TimeSpan.Zero, nameof(request));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(request.Duration, PostgreSqlLeaseRules.MaxDuration, nameof(request));
    }

    private static NpgsqlParameter[] Who(LeaseRequest request)
    {
        // As long as an arbiter waits for one answer.
        long lockTimeout = Math.Max(1, (long)(request.Duration / 5).TotalMilliseconds);
        return [String(request.Resource), new NpgsqlParameter<Guid> { TypedValue = request.Attempt, NpgsqlDbType = NpgsqlDbType.Uuid }, String(lockTimeout.ToString(CultureInfo.InvariantCulture)), String(request.Holder)];
    }

    private static NpgsqlParameter[] What(LeaseRequest request) => [new NpgsqlParameter<TimeSpan> { TypedValue = request.Duration, NpgsqlDbType = NpgsqlDbType.Interval }, Boolean(request.Settles)];

    private static NpgsqlParameter<string> String(string value) => new() { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Text };

    private static NpgsqlParameter<bool> Boolean(bool value) => new() { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Boolean };

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
