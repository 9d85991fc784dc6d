using Failover.Keepalived.Registration;
using Failover.Keepalived.Sites;
using Failover.Keepalived.Tests.Sites;
using Failover.Keepalived.Tests.Watching;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace Failover.Keepalived.Tests.Registration;

/// <summary>An app whose node is fit, with a keepalived, a peer and a clock of the test's own.</summary>
internal sealed class SiteHost : IAsyncDisposable
{
    private readonly IHost _host;

    internal SiteHost(Action<IFailoverBuilder, SiteHost> configure)
    {
        Keepalived.Start();
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton<TimeProvider>(Time).AddSingleton<IPeerClaims>(Peers).AddSingleton<IFailoverHealth>(new FakeHealth());
        configure(builder.Services.AddFailover(), this);
        _host = builder.Build();
    }

    internal FakeKeepalived Keepalived { get; } = new();

    internal FakePeers Peers { get; } = new();

    internal FakeTimeProvider Time { get; } = new();

    internal IServiceProvider Services => _host.Services;

    public async ValueTask DisposeAsync()
    {
        await ((IAsyncDisposable)_host).DisposeAsync();
        Keepalived.Dispose();
    }

    /// <summary>Sets what each site here needs.</summary>
    internal void Set(KeepalivedOptions options)
    {
        (options.Address, options.Node, options.Peer) = ("192.0.2.2", "node-a", "node-b");
        (options.Fifo, options.CreditFile) = (Keepalived.Path, CreditFile("site"));
    }

    internal string CreditFile(string group) => $"{Path.GetDirectoryName(Keepalived.Path)}/{group}.credit";

    internal Task StartAsync() => Until.Ends(_host.StartAsync());

    internal SiteRun RunOf(string group) => Services.GetRequiredService<KeepalivedSites>().RunOf(group);

    /// <summary>Has keepalived say that this node is master, and waits until that is heard.</summary>
    internal Task BecomesMasterAsync()
    {
        Keepalived.Write("BACKUP 50", "MASTER 50");
        return Until.SoAsync(() => RunOf("site").View.Role == VrrpRole.Master, () => $"it to be master; it is {RunOf("site").View}");
    }
}
