using System.Net;
using Failover.DnsSwitching;
using Failover.Etcd;
using Failover.TestServers;
using Failover.TestServers.Dns;
using Failover.TestServers.Servers;

namespace Failover.Scenarios.Dns;

/// <summary>
/// Two sites, a name that leads to one of them, the name servers that hold it, the caching one that the system's resolver asks, and the process that moves it; through all runs. A fault befalls the site that the name leads to,
/// which is the other one the next time. In a network of its own.
/// </summary>
internal sealed class DnsStage : IAsyncDisposable
{
    internal const string Name = $"shop.{NameServer.Zone}";

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(15);

    private readonly string _folder = Directory.CreateTempSubdirectory("failover-dns-").FullName;
    private readonly List<IAsyncDisposable> _parts = [];
    private ConfiguredServer _cache = null!;
    private NameKeeperProcess _keeper = null!;

    private DnsStage()
    {
    }

    /// <summary>Where the name leads.</summary>
    internal Site Active { get; private set; } = null!;

    internal Site Standby { get; private set; } = null!;

    internal BindServer Primary { get; private set; } = null!;

    internal BindServer Secondary { get; private set; } = null!;

    /// <summary>How many lines the keeper of the name has said.</summary>
    internal int Said => _keeper.Output.Count;

    internal static async Task<DnsStage> StartAsync(DnsScenarioOptions options)
    {
        DnsStage stage = new();
        try
        {
            await stage.BeginAsync(options);
            return stage;
        }
        catch
        {
            await stage.DisposeAsync();
            throw;
        }
    }

    /// <summary>Has a follower ask the name servers.</summary>
    internal void AskNameServers(DnsFollowerOptions options)
    {
        options.NameServers.Add($"127.0.0.1:{Primary.Port}");
        options.NameServers.Add($"127.0.0.1:{Secondary.Port}");
    }

    /// <summary>Forgets what the cache holds: it would know where the name led in the run before.</summary>
    internal async Task EmptyCacheAsync()
    {
        await _cache.KillAsync();
        await _cache.StartAgainAsync();
    }

    /// <summary>Waits until the keeper has told of its move to the standby that it is made.</summary>
    /// <param name="since">How many lines it had said before the fault.</param>
    /// <param name="limit">How long to wait.</param>
    /// <returns>The last that it told; null if nothing came in time.</returns>
    internal async Task<Switchover?> MovedAsync(int since, TimeSpan limit)
    {
        Switchover? last = null;
        try
        {
            await UntilAsync(() => (last = Told(since).LastOrDefault(told => told.Cause == SwitchoverCause.Failover && told.To.Name == Standby.Name)) is { Verified: not null }, limit, "the name to be moved");
        }
        catch (TimeoutException)
        {
            // What is known of it is a row, too.
        }

        return last;
    }

    /// <summary>Undoes a fault, and waits until either site could be left for the other again.</summary>
    internal async Task EndAsync(SiteFault fault, Switchover? moved)
    {
        int said = Said;
        await fault.UndoAsync(Active);
        await UntilAsync(() => _keeper.Output.Skip(said).Any(line => line.Contains($"{Active.Name} of site is healthy", StringComparison.Ordinal)), Limit, $"{Active.Name} to be healthy");
        if (moved is not null)
        {
            (Active, Standby) = (Standby, Active);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable part in Enumerable.Reverse(_parts))
        {
            await part.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private async Task BeginAsync(DnsScenarioOptions options)
    {
        EtcdServer etcd = Add(await EtcdServer.StartAsync());
        Task isUsed = UseAsync(etcd);
        Active = Add(await Site.StartAsync("server-1", _folder, IPAddress.Loopback, options.Clients.Any(static client => client.NeedsDatabase)));
        Standby = Add(await Site.StartBesideAsync(Active, "server-2", _folder, IPAddress.Parse("127.0.0.2")));
        (Primary, Secondary) = await BindServer.StartPairAsync(notifyDelay: TimeSpan.Zero);
        Add(Primary);
        Add(Secondary);
        await Primary.UpdateAsync($"add {Name} {options.TimeToLive.TotalSeconds} A {Active.Address}");
        _cache = Add(await ConfiguredServer.StartAsync("running\n", [RequiredServer.Locate("named"), "-g", "-4", "-n", "1", "-c", "named.conf"], CacheFiles));
        await isUsed;
        Site[] sites = [Active, Standby];
        _keeper = Add(await NameKeeperProcess.StartAsync(
            "keeper", Name, Primary.Port, etcd.Address, Lease, [.. sites.Select(static site => site.Web.Address)], [.. sites.Select(static site => $"{site.Address}")],
            new Dictionary<string, string>
            {
                ["Groups:site:Detection:ProbeInterval"] = $"{options.Probe}",
                ["Groups:site:Detection:TransitionInterval"] = $"{options.Again}",
                ["Groups:site:Detection:ProbeTimeout"] = $"{options.Patience}",
                ["Groups:site:Detection:Fall"] = $"{options.Fall}",

                // A server that was mended is to be well again soon.
                ["Groups:site:Detection:DownInterval"] = $"{options.Probe}",
                ["Dns:site:TimeToLive"] = $"{options.TimeToLive}",
                ["Dns:site:NameServers:0"] = $"127.0.0.1:{Primary.Port}",
                ["Dns:site:NameServers:1"] = $"127.0.0.1:{Secondary.Port}",
            }));
        await UntilAsync(() => _keeper.Log.Contains($"Settled; active: {Active.Name}", StringComparison.Ordinal) && _keeper.Log.Contains("could be moved at", StringComparison.Ordinal), Limit, "the keeper to be settled");
    }

    /// <summary>An etcd that is new grants no lease for as long as one may last; that is over in those that people have.</summary>
    private static async Task UseAsync(EtcdServer etcd)
    {
        using EtcdLeaseStore store = new(new EtcdOptions { Endpoints = [$"{etcd.Address}"] });
        LeaseArbiter arbiter = new(store, new LeaseOptions { Duration = TimeSpan.FromSeconds(3), Holder = "before" });
        using CancellationTokenSource end = new(Limit);
        while (true)
        {
            try
            {
                if (await arbiter.TryAcquireAsync("any", end.Token) is { } lease)
                {
                    await lease.DisposeAsync();
                    return;
                }

                await arbiter.WaitAsync("any", end.Token);
            }
            catch (LeaseStoreException)
            {
                // A machine that is busy: asked again.
            }
        }
    }

    private T Add<T>(T part)
        where T : IAsyncDisposable
    {
        _parts.Add(part);
        return part;
    }

    /// <summary>What a machine's or a provider's resolver is: it asks the name servers, and keeps what they answer as long as that says.</summary>
    private Dictionary<string, string> CacheFiles(string folder, int port) => new()
    {
        ["named.conf"] = $$"""
            options {
              directory "{{folder}}";
              pid-file none;
              session-keyfile none;
              listen-on port 53 { 127.0.0.1; };
              listen-on-v6 { none; };
              recursion yes;
              dnssec-validation no;
            };
            controls { };
            zone "{{NameServer.Zone}}" { type forward; forward only; forwarders { 127.0.0.1 port {{Primary.Port}}; }; };
            """,
    };

    private IEnumerable<Switchover> Told(int since) =>
        _keeper.Output.Skip(since).Where(static line => line.StartsWith(NameKeeperProcess.SwitchoverWord, StringComparison.Ordinal)).Select(static line => SwitchoverJson.Deserialize(line[NameKeeperProcess.SwitchoverWord.Length..]));

    private async Task UntilAsync(Func<bool> isSo, TimeSpan limit, string what)
    {
        using CancellationTokenSource end = new(limit);
        using PeriodicTimer next = new(Look);
        while (!isSo())
        {
            if (end.IsCancellationRequested)
            {
                throw new TimeoutException($"Waited {limit.TotalSeconds} s for {what}: {_keeper.Log}");
            }

            await next.WaitForNextTickAsync();
        }
    }
}
