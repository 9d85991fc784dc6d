using System.Text.RegularExpressions;
using Failover.TestServers;
using Failover.TestServers.Dns;
using Failover.TestServers.Http;
using Failover.TestServers.Network;
using Failover.TestServers.Servers;

namespace Failover.DnsSwitching.Tests.Keepers;

/// <summary>Two web servers, a name at the first one, and two processes that keep it: each hears etcd and the name server through relays of its own.</summary>
internal sealed partial class KeeperPair : IAsyncDisposable
{
    internal static readonly TimeSpan Lease = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private KeeperPair(BindServer bind, string name) => (Bind, Name) = (bind, name);

    internal BindServer Bind { get; }

    internal string Name { get; }

    internal BackendProcess First { get; private set; } = null!;

    internal BackendProcess Second { get; private set; } = null!;

    internal List<NameKeeperProcess> Keepers { get; } = [];

    /// <summary>The path of each keeper to etcd.</summary>
    internal List<Relay> ToEtcd { get; } = [];

    /// <summary>The path of each keeper to the name server.</summary>
    internal List<UpdateRelay> ToBind { get; } = [];

    internal static async Task<KeeperPair> StartAsync(BindServer bind, EtcdServer etcd)
    {
        KeeperPair pair = new(bind, NameServer.NewName());
        try
        {
            await bind.UpdateAsync($"add {pair.Name} 30 A {NameKeeperProcess.Targets[0]}");
            pair.First = await BackendProcess.StartAsync("first");
            pair.Second = await BackendProcess.StartAsync("second");
            for (int i = 0; i < 2; i++)
            {
                pair.ToEtcd.Add(Relay.Start(etcd.Address.Port));
                pair.ToBind.Add(UpdateRelay.Start(bind.Port));
                pair.Keepers.Add(await NameKeeperProcess.StartAsync($"keeper-{i + 1}", pair.Name, pair.ToBind[i].Port, new($"http://127.0.0.1:{pair.ToEtcd[i].Port}"), Lease, [pair.First.Address, pair.Second.Address]));
            }

            foreach (NameKeeperProcess keeper in pair.Keepers)
            {
                await SaysAsync(keeper, "Settled; active: server-1");
                await SaysAsync(keeper, "could be moved at");
            }

            return pair;
        }
        catch
        {
            await pair.DisposeAsync();
            throw;
        }
    }

    internal static Task SaysAsync(NameKeeperProcess keeper, string words) => SaysAsync(keeper, 0, words);

    /// <summary>Waits until a keeper says something after so many lines.</summary>
    internal static Task SaysAsync(NameKeeperProcess keeper, int after, params string[] oneOf) => Waiting.ForAsync(
        () => Task.FromResult(keeper.Output.Skip(after).FirstOrDefault(line => oneOf.Any(words => line.Contains(words, StringComparison.Ordinal)))),
        Look, Limit, () => $"{keeper.Name} to say «{string.Join("» or «", oneOf)}» after {after} lines:\n{keeper.Log}");

    /// <summary>Waits until a keeper stands on a server, by the last that it has said of it.</summary>
    internal static Task StandsOnAsync(NameKeeperProcess keeper, string server) => Waiting.ForAsync(
        () => Task.FromResult(keeper.Output.LastOrDefault(static line => line.Contains("; active: ", StringComparison.Ordinal)) is { } last && last.Contains($"Settled; active: {server};", StringComparison.Ordinal) ? last : null),
        Look, Limit, () => $"{keeper.Name} to settle on {server}:\n{keeper.Log}");

    /// <summary>Waits until so much time is over for etcd, which measures the leases.</summary>
    internal static async Task EtcdWaitsAsync(EtcdServer etcd, TimeSpan time)
    {
        string lease = (await etcd.ControlAsync("lease", "grant", $"{time.TotalSeconds:0}")).Split(' ')[1];
        await Waiting.ForAsync(async () => (await etcd.ControlAsync("lease", "timetolive", lease)).Contains("already expired", StringComparison.Ordinal) ? lease : null, Look, Limit, () => $"lease {lease} to run out");
    }

    /// <summary>Waits until a count has come to be.</summary>
    internal static Task ReachesAsync(Func<int> count, int expected, string what) =>
        Waiting.ForAsync(() => Task.FromResult(count() >= expected ? what : null), Look, Limit, () => $"{expected} {what}, not {count()}");

    /// <summary>Waits until the name server answers this for the name, as dig sees it.</summary>
    internal Task AnswersAsync(string address) => Waiting.ForAsync(
        async () => (await Bind.DigAsync(Name, "A")) is [var only] && only == address ? only : null, Look, Limit, () => $"{Name} to be {address}:\n{string.Join("\n\n", Keepers.Select(static keeper => keeper.Log))}");

    /// <summary>The tokens under which the name was moved, in order.</summary>
    internal async Task<long[]> TokensAsync() => [.. (await Bind.GivenAsync($"_failover.{Name}")).Select(static text => long.Parse(Token().Match(text).Groups[1].Value, null))];

    /// <summary>The addresses that the name was ever given, the first one left out.</summary>
    internal async Task<string[]> MovesAsync() => [.. (await Bind.GivenAsync(Name)).Skip(1)];

    /// <summary>Which keeper holds the lease: the one that moved the name. Waits until it has said so, which may be heard after the name server answers it.</summary>
    internal async Task<int> HolderAsync() => Keepers.IndexOf(await Waiting.ForAsync(
        () => Task.FromResult(Keepers.Find(static keeper => keeper.Log.Contains("[12000]", StringComparison.Ordinal))), Look, Limit, static () => "a keeper that has moved the name"));

    public async ValueTask DisposeAsync()
    {
        foreach (NameKeeperProcess keeper in Keepers)
        {
            await keeper.DisposeAsync();
        }

        foreach (Relay relay in ToEtcd)
        {
            await relay.BecomeAsync(RelayMode.Pass);
            await relay.DisposeAsync();
        }

        foreach (UpdateRelay relay in ToBind)
        {
            await relay.DisposeAsync();
        }

        foreach (BackendProcess? server in (BackendProcess?[])[First, Second])
        {
            if (server is not null)
            {
                await server.DisposeAsync();
            }
        }
    }

    [GeneratedRegex("token=([0-9]+);")]
    private static partial Regex Token();
}
