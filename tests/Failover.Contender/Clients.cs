using k8s;
using Microsoft.Extensions.DependencyInjection;

namespace Failover.Contender;

/// <summary>How contenders compete: ours, and others.</summary>
internal static class Clients
{
    /// <summary>Where Lease objects are.</summary>
    internal const string Namespace = "shop";

    internal static void Add(IServiceCollection services, ContenderOptions options)
    {
        switch (options.Client)
        {
            case "distributedlock":
                services.AddHostedService<DistributedLockWork>();
                break;
            case "leaderelector":
                services.AddHostedService<LeaderElectorWork>();
                break;
            default:
                AddOurs(services, options);
                break;
        }
    }

    /// <summary>How an API server is found: its address, a slash, and the token of a pod.</summary>
    internal static KubernetesClientConfiguration Cluster(ContenderOptions options)
    {
        Uri server = new(options.Server);
        return new() { Host = server.GetLeftPart(UriPartial.Authority), AccessToken = server.AbsolutePath.TrimStart('/'), Namespace = Namespace };
    }

    private static void AddOurs(IServiceCollection services, ContenderOptions options)
    {
        IFailoverBuilder failover = services.AddFailover();
        Action<ArbiterBuilder> use;
        switch (options.Client)
        {
            case "etcd":
                failover.AddEtcd(etcd => etcd.Endpoints = [.. options.Server.Split(',')]);
                use = static gate => gate.UseEtcd();
                break;
            case "postgresql":
                failover.AddPostgreSql("db", options.Server);
                use = static gate => gate.UsePostgreSql("db");
                break;
            case "kubernetes":
                services.AddSingleton(Cluster(options));
                failover.AddKubernetes();
                use = static gate => gate.UseKubernetes();
                break;
            default:
                throw new ArgumentException($"There is no client {options.Client}.");
        }

        failover
            .AddPrimaryGate(options.Gate, gate =>
            {
                use(gate);
                gate.Configure(lease => (lease.Duration, lease.Holder) = (options.Duration, options.Holder));
            })
            .AddPrimaryService<GatedWork>(options.Gate);
        services.AddHealthChecks().AddPrimaryGate(options.Gate);
        services.AddHostedService<HealthTeller>();
    }
}
