using BenchmarkDotNet.Attributes;
using Failover.PostgreSql;
using Failover.TestServers.Servers;
using Npgsql;

namespace Failover.Benchmarks.PostgreSql;

/// <summary>What a caller pays to take a connection from the pool and give it back, beside a data source of Npgsql's own. Needs PostgreSQL: one is started.</summary>
[MemoryDiagnoser]
public class OpenBenchmarks
{
    private PostgreSqlServer _server = null!;
    private NpgsqlDataSource _plain = null!;
    private FailoverDataSource _failover = null!;

    [GlobalSetup]
    public void Setup()
    {
        _server = PostgreSqlServer.StartAsync().GetAwaiter().GetResult();
        _plain = NpgsqlDataSource.Create(_server.ConnectionString);
        _failover = new FailoverDataSourceBuilder("db", _server.ConnectionString).Build();
        Plain();
        Failover();
    }

    [GlobalCleanup]
    public async Task Cleanup()
    {
        await _failover.DisposeAsync();
        await _plain.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Benchmark(Baseline = true)]
    public void Plain()
    {
        ValueTask<NpgsqlConnection> open = _plain.OpenConnectionAsync();
        (open.IsCompleted ? open.Result : open.AsTask().Result).Dispose();
    }

    [Benchmark]
    public void Failover()
    {
        ValueTask<NpgsqlConnection> open = _failover.OpenConnectionAsync();
        (open.IsCompleted ? open.Result : open.AsTask().Result).Dispose();
    }
}
