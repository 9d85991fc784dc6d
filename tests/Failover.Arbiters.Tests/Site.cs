using Failover.TestServers;
using Failover.TestServers.Contending;
using Failover.TestServers.Network;
using Failover.TestServers.Servers;

namespace Failover.Arbiters.Tests;

/// <summary>A real etcd of three, each on a host of its own, and three more hosts for those that compete.</summary>
public class Site : IAsyncLifetime
{
    /// <summary>How long a lease lasts.</summary>
    internal static readonly TimeSpan Duration = TimeSpan.FromSeconds(3);

    private NetworkSite? _site;

    internal EtcdServer[] Etcd { get; private set; } = [];

    private string Endpoints => string.Join(',', Etcd.Select(static member => member.Address));

    public virtual async Task InitializeAsync()
    {
        _site = await NetworkSite.StartAsync(6);
        Etcd = await EtcdServer.StartClusterAsync(_site.Hosts.Take(3));
    }

    public async Task DisposeAsync()
    {
        foreach (EtcdServer member in Etcd)
        {
            await member.DisposeAsync();
        }

        if (_site is not null)
        {
            await _site.DisposeAsync();
        }
    }

    /// <summary>Starts processes that compete for a gate of their own, the first of which is primary.</summary>
    internal async Task<Contest> ContestAsync(int contenders = 2, IReadOnlyDictionary<string, string>? environment = null)
    {
        string gate = $"gate-{Guid.NewGuid():N}";
        ActedOn on = new();
        List<ContenderProcess> all = [];
        try
        {
            for (int i = 0; i < contenders; i++)
            {
                all.Add(await ContenderProcess.StartAsync("etcd", Endpoints, gate, $"host-{(char)('a' + i)}", Duration, on, _site!.Hosts[3 + i], environment));
                if (i == 0)
                {
                    await on.ActsAfterAsync(TimeSpan.Zero, 3);
                }
            }

            return new Contest(on, all);
        }
        catch
        {
            await new Contest(on, all).DisposeAsync();
            throw;
        }
    }

    /// <summary>Finds the member that leads.</summary>
    internal async Task<int> LeaderAsync() => (int)await Waiting.ForAsync<object>(
        async () =>
        {
            for (int i = 0; i < Etcd.Length; i++)
            {
                if (await Etcd[i].IsLeaderAsync())
                {
                    return i;
                }
            }

            return null;
        },
        TimeSpan.FromMilliseconds(50),
        TimeSpan.FromSeconds(60),
        static () => "a leader of etcd");

    internal NetworkHost HostOf(int member) => _site!.Hosts[member];
}
