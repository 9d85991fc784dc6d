using Failover.TestServers;
using Failover.TestServers.Servers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Failover.Etcd.Tests.Docs;

/// <summary>What docs/arbiter.md shows, run.</summary>
public sealed class ArbiterPageTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [ServerFact("etcd")]
    public async Task A_service_runs_where_the_process_is_the_primary()
    {
        await using EtcdServer etcd = await EtcdServer.StartAsync();
        Reports reports = new();
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration["Failover:Etcd:Endpoints:0"] = etcd.Address.ToString();
        builder.Configuration["Failover:Leases:nightly:Duration"] = "00:00:02";
        builder.Services.AddSingleton(reports);
        #region docs:registration
        builder.Services.AddFailover(builder.Configuration.GetSection("Failover"))
            .AddEtcd()                                             // Failover:Etcd:Endpoints
            .AddPrimaryGate("nightly", gate => gate.UseEtcd())
            .AddPrimaryService<NightlyReport>("nightly");          // not AddHostedService
        builder.Services.AddHealthChecks().AddPrimaryGate("nightly");
        #endregion
        using IHost host = builder.Build();
        await host.StartAsync().WaitAsync(Limit);

        long token = await reports.Written.Task.WaitAsync(Limit);

        Assert.Equal(token, host.Services.GetRequiredKeyedService<IPrimaryGate>("nightly").State.Token);
        await host.StopAsync().WaitAsync(Limit);
    }

    internal sealed class Reports
    {
        internal TaskCompletionSource<long> Written { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal Task WriteAsync(long token, CancellationToken cancellationToken)
        {
            Written.TrySetResult(token);
            return Task.Delay(TimeSpan.Zero, cancellationToken);
        }
    }

    #region docs:service
    private sealed class NightlyReport(Reports reports, PrimaryScope primary) : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            using PeriodicTimer daily = new(TimeSpan.FromDays(1));
            do
            {
                primary.ThrowIfNotPrimary();                                        // right before each act
                await reports.WriteAsync(primary.Token!.Value, stoppingToken);      // and with the token, for what can compare
            }
            while (await daily.WaitForNextTickAsync(stoppingToken));
        }
    }
    #endregion
}
