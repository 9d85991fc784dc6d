using System.Net;
using Failover.TestServers.Servers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace Failover.Scenarios.Dns.Clients;

/// <summary>A client of the databases: a pool of Npgsql on the name.</summary>
internal sealed class NpgsqlNameClient : NameClient
{
    private readonly NpgsqlDataSource _pool;
    private readonly Dictionary<IPAddress, string> _names;
    private readonly ServiceProvider? _services;

    private NpgsqlNameClient(DnsStage stage, NpgsqlDataSource pool, ServiceProvider? services)
    {
        (_pool, _services) = (pool, services);
        _names = new[] { stage.Active, stage.Standby }.ToDictionary(static site => site.Address, static site => site.Name);
    }

    internal static NameClient Plain(DnsStage stage) => new NpgsqlNameClient(stage, Pool(stage), null);

    internal static async Task<NameClient> FollowingAsync(DnsStage stage)
    {
        NpgsqlDataSource pool = Pool(stage);
        ServiceCollection services = new();
        services.AddFailover().AddDnsFollower(options =>
        {
            stage.AskNameServers(options);
            NameClientKind.LookEachSecond(options);
        }).FollowNpgsqlDataSource(_ => pool);
        ServiceProvider provider = services.BuildServiceProvider();
        foreach (IHostedService service in provider.GetServices<IHostedService>())
        {
            await service.StartAsync(CancellationToken.None);
        }

        return new NpgsqlNameClient(stage, pool, provider);
    }

    internal override async Task<string> AskAsync(CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = _pool.CreateCommand("select inet_server_addr()");
        return _names[(IPAddress)(await command.ExecuteScalarAsync(cancellationToken))!];
    }

    public override async ValueTask DisposeAsync()
    {
        if (_services is not null)
        {
            await _services.DisposeAsync();
        }

        await _pool.DisposeAsync();
    }

    private static NpgsqlDataSource Pool(DnsStage stage)
    {
        PostgreSqlServer server = stage.Active.Database!;
        return NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(server.ConnectionString) { Host = DnsStage.Name });
    }
}
