using Failover;
using Failover.DnsSwitching;
using Failover.Election;
using Failover.TestServers.Dns;
using Failover.TestServers.Servers;

namespace DnsPair.Demo;

/// <summary>The host app that keeps the name at the server that works. There may be several: the one that holds the lease acts.</summary>
internal static class Keeper
{
    internal static IHost Build(Uri first, Uri second, BindServer primary, BindServer secondary, EtcdServer etcd, ILoggerProvider telling)
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders().AddProvider(telling);
        int port = primary.Port;
        string[] nameServers = [$"127.0.0.1:{primary.Port}", $"127.0.0.1:{secondary.Port}"];
        (string key, string secret) = (NameServerKey.Failover.Name, NameServerKey.Failover.Secret);

        #region docs:keeper
        builder.Services.AddFailover(builder.Configuration.GetSection("Failover"))
            .AddEtcd(cluster => cluster.Endpoints = [etcd.Address.OriginalString])
            .AddHttpGroup("site", group => group
                .Primary("server-a", first.OriginalString)
                .Secondary("server-b", second.OriginalString)
                .Configure(options => options.Detection.ProbeInterval = TimeSpan.FromSeconds(1))
                .SwitchDns("shop.example.test", dns => dns
                    .UseRfc2136(server =>
                    {
                        (server.Server, server.Port, server.Zone) = ("127.0.0.1", port, "example.test");
                        (server.KeyName, server.Secret) = (key, secret);
                    })
                    .UseArbiter(arbiter => arbiter.UseEtcd().Configure(lease => lease.Duration = TimeSpan.FromSeconds(3)))     // of several hosts that keep the name, the one that holds the lease acts
                    .Configure(name => name.NameServers = nameServers)));       // moved is what all of them answer
        builder.Services.AddHealthChecks().AddDnsSwitch("dns", "site");
        #endregion

        // Shortened for the demo: a switchback is asked for while a person watches.
        builder.Services.Configure<GroupOptions>("site", static options => options.Switchback.Mode = SwitchbackMode.Manual);
        return builder.Build();
    }
}
