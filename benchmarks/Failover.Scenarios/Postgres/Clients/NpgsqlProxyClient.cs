using Npgsql;

namespace Failover.Scenarios.Postgres.Clients;

/// <summary>Npgsql, which knows of one address alone: the proxy's.</summary>
internal sealed class NpgsqlProxyClient(string proxy) : ClusterClient
{
    private readonly NpgsqlDataSource _source = NpgsqlDataSource.Create(proxy);

    internal override Task<int?> WriteAsync(long id, CancellationToken cancellationToken) => OpenAndWriteAsync(id, cancellationToken);

    public override ValueTask DisposeAsync() => _source.DisposeAsync();

    protected override ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken) => _source.OpenConnectionAsync(cancellationToken);
}
