using Failover.PostgreSql;
using Failover.TestServers.Writes;
using Npgsql;

namespace Failover.Scenarios.Postgres.Clients;

/// <summary>Ours, as a data source alone: a connection is opened, a row written, the connection closed, all with a token.</summary>
internal sealed class FailoverRawClient(string nodes) : ClusterClient
{
    private readonly FailoverDataSource _source = new FailoverDataSourceBuilder("failover-raw", nodes).Build();

    internal override FailoverGroup Group => _source.Group;

    internal override Task<int?> WriteAsync(long id, CancellationToken cancellationToken) => OpenAndWriteWithinLimitAsync(id, cancellationToken);

    /// <summary>Opens a connection without a limit, and writes.</summary>
    internal Task<int?> WaitAndWriteAsync(long id, CancellationToken cancellationToken) => OpenAndWriteAsync(id, cancellationToken);

    internal override RowOutcome OutcomeOf(Exception exception) => exception is PrimaryUnavailableException ? RowOutcome.Failed : base.OutcomeOf(exception);

    public override ValueTask DisposeAsync() => _source.DisposeAsync();

    protected override ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken) => _source.OpenConnectionAsync(cancellationToken);
}
