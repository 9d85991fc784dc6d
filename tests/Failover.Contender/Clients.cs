using Microsoft.Extensions.DependencyInjection;

namespace Failover.Contender;

/// <summary>How contenders compete: ours, and others.</summary>
internal static class Clients
{
    internal static void Add(IServiceCollection services, ContenderOptions options)
    {
        switch (options.Client)
        {
            case "distributedlock":
                services.AddHostedService<DistributedLockWork>();
                break;
            default:
                IFailoverBuilder failover = services.AddFailover();
                if (options.Client == "etcd")
                {
                    failover.AddEtcd(etcd => etcd.Endpoints = [.. options.Server.Split(',')]);
                }
                else
                {
                    failover.AddPostgreSql("db", options.Server);
                }

                failover
                    .AddPrimaryGate(options.Gate, gate => Use(gate, options).Configure(lease => (lease.Duration, lease.Holder) = (options.Duration, options.Holder)))
                    .AddPrimaryService<GatedWork>(options.Gate);
                services.AddHealthChecks().AddPrimaryGate(options.Gate);
                services.AddHostedService<HealthTeller>();
                break;
        }
    }

    private static ArbiterBuilder Use(ArbiterBuilder gate, ContenderOptions options) => options.Client switch
    {
        "etcd" => gate.UseEtcd(),
        "postgresql" => gate.UsePostgreSql("db"),
        _ => throw new ArgumentException($"There is no client {options.Client}."),
    };
}
