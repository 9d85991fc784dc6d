using Failover.PostgreSql;
using Failover.TestServers.Writes;
using Npgsql;

namespace Failover.Scenarios.Postgres.Clients;

/// <summary>Ours, each write through <c>ExecuteAsync</c> with a timeout, and none of them repeated.</summary>
internal sealed class FailoverClusterClient(string nodes) : ClusterClient
{
    private static readonly ExecuteOptions WithinLimit = new() { Timeout = Limit };

    private readonly FailoverDataSource _source = new FailoverDataSourceBuilder(ClusterClientKind.Failover, nodes).Build();

    internal override FailoverGroup Group => _source.Group;

    internal override Task<int?> WriteAsync(long id, CancellationToken cancellationToken) =>
        _source.ExecuteAsync((connection, token) => WritesTable.InsertAsync(connection, id, token), WithinLimit, cancellationToken);

    internal override RowOutcome OutcomeOf(Exception exception) => exception is NotExecutedException or PrimaryUnavailableException ? RowOutcome.Failed : base.OutcomeOf(exception);

    public override ValueTask DisposeAsync() => _source.DisposeAsync();

    protected override ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken) => _source.OpenConnectionAsync(cancellationToken);
}
