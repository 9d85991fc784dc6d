using Npgsql;

namespace Failover.Scenarios.Postgres.Clients;

/// <summary>Npgsql with all nodes in its connection string, for the primary among them.</summary>
internal sealed class NpgsqlMultiHostClient(string nodes, bool hasToken) : ClusterClient
{
    private readonly NpgsqlMultiHostDataSource _source = new NpgsqlDataSourceBuilder(nodes).BuildMultiHost();

    internal override Task<int?> WriteAsync(long id, CancellationToken cancellationToken) =>
        hasToken ? OpenAndWriteWithinLimitAsync(id, cancellationToken) : OpenAndWriteAsync(id, cancellationToken);

    public override ValueTask DisposeAsync() => _source.DisposeAsync();

    protected override ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken) => _source.OpenConnectionAsync(TargetSessionAttributes.Primary, cancellationToken);
}
