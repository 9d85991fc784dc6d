using System.Net;
using System.Net.Sockets;
using Failover.DnsSwitching.Following;
using Failover.TestServers.Dns;
using Microsoft.Extensions.Time.Testing;

namespace Failover.DnsSwitching.Tests.Following;

/// <summary>Looks at a real BIND, beside a resolver of the system that says what the test wants.</summary>
public sealed class NameLookupTests
{
    private const string Cached = "192.0.2.77";

    private readonly DnsFollowerOptions _options = new();
    private readonly List<string> _asked = [];

    [NameServerFact]
    public async Task Name_servers_say_more_than_caches_and_are_not_undone_by_those_when_they_are_away()
    {
        await using OnBind bind = await OnBind.StartAsync("192.0.2.1");
        bind.Follow(_options);
        NameLookup lookup = Lookup(bind.Name);

        NameAnswer answer = await lookup.AskAsync(CancellationToken.None);
        Assert.Equal(("192.0.2.1", TimeSpan.FromSeconds(2), true), (answer.Addresses.ToString(), answer.TimeToLive, answer.IsFromNameServer));
        Assert.Empty(_asked);

        // Caches may keep the old answer for an hour.
        await bind.Server.UpdateAsync($"delete {bind.Name} A", $"add {bind.Name} 3600 A 192.0.2.2", $"add {bind.Name} 3600 AAAA 2001:db8::2");
        Assert.Equal("192.0.2.2, 2001:db8::2", (await lookup.AskAsync(CancellationToken.None)).Addresses.ToString());
        await bind.Server.KillAsync();
        NameAnswer away = await lookup.AskAsync(CancellationToken.None);
        Assert.Contains($"127.0.0.1:{bind.Server.Port}", away.Problem, StringComparison.Ordinal);
        Assert.Empty(_asked);
    }

    [NameServerFact]
    public async Task An_alias_is_followed_at_the_name_server_and_by_the_system_where_it_leaves_that()
    {
        await using OnBind bind = await OnBind.StartAsync("192.0.2.1");
        bind.Follow(_options);
        string alias = NameServer.NewName(), away = NameServer.NewName(), round = NameServer.NewName();
        await bind.Server.UpdateAsync($"add {alias} 30 CNAME {bind.Name}.", $"add {away} 30 CNAME lb.example.net.", $"add {round} 30 CNAME {round}.");

        NameAnswer within = await Lookup(alias).AskAsync(CancellationToken.None);
        NameAnswer beyond = await Lookup(away).AskAsync(CancellationToken.None);
        Assert.Equal(("192.0.2.1", TimeSpan.FromSeconds(2)), (within.Addresses.ToString(), within.TimeToLive));
        Assert.Equal((Cached, TimeSpan.FromSeconds(30)), (beyond.Addresses.ToString(), beyond.TimeToLive));
        Assert.Equal("lb.example.net", Assert.Single(_asked));

        // One that leads to itself ends as no answer, and the system is asked.
        Assert.Equal(Cached, (await Lookup(round).AskAsync(CancellationToken.None)).Addresses.ToString());
        Assert.Equal(["lb.example.net", round], _asked);
    }

    [NameServerFact]
    public async Task The_system_is_asked_for_a_name_that_the_name_server_does_not_hold_and_where_none_answers()
    {
        await using OnBind bind = await OnBind.StartAsync("192.0.2.1");
        bind.Follow(_options);
        NameAnswer elsewhere = await Lookup("www.example.net").AskAsync(CancellationToken.None);
        Assert.Equal((Cached, null), (elsewhere.Addresses.ToString(), elsewhere.Silence));

        await bind.Server.KillAsync();
        NameAnswer alone = await Lookup(bind.Name).AskAsync(CancellationToken.None);
        Assert.Equal((Cached, null), (alone.Addresses.ToString(), alone.Problem));
        Assert.StartsWith($"127.0.0.1:{bind.Server.Port}: no answer", alone.Silence, StringComparison.Ordinal);
        Assert.Equal(["www.example.net", bind.Name], _asked);

        NameAnswer none = await Lookup(bind.Name, static (_, _) => throw new SocketException((int)SocketError.HostNotFound)).AskAsync(CancellationToken.None);
        Assert.StartsWith($"the system's resolver says HostNotFound; 127.0.0.1:{bind.Server.Port}: no answer", none.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Addresses_come_in_the_order_of_the_name_servers_answer()
    {
        await using UdpServer server = new("192.0.2.3", "192.0.2.1", "192.0.2.2");
        _options.NameServers.Add($"127.0.0.1:{server.Port}");

        Assert.Equal("192.0.2.3, 192.0.2.1, 192.0.2.2", (await Lookup("www.example.test").AskAsync(CancellationToken.None)).Addresses.ToString());
    }

    [Fact]
    public async Task Name_servers_that_are_dead_keep_none_of_the_others_from_being_asked_and_the_last_good_one_is_asked_first()
    {
        FakeTimeProvider time = new();
        await using UdpServer dead = new(), dying = new(), good = new("192.0.2.1");
        foreach (UdpServer server in (UdpServer[])[dead, dying, good])
        {
            _options.NameServers.Add($"127.0.0.1:{server.Port}");
        }

        // A third of the half, and a half of what is left then.
        TimeSpan share = (_options.Timeout / 6) + TimeSpan.FromMilliseconds(1);
        dead.WhenAsked = dying.WhenAsked = () => time.Advance(share);
        NameLookup lookup = new("www.example.test", () => _options, static (_, _) => throw new InvalidOperationException("It is not asked."), time);
        Assert.Equal("192.0.2.1", (await lookup.AskAsync(CancellationToken.None)).Addresses.ToString());
        Assert.Equal((1, 1), (dead.Asked, dying.Asked));

        Assert.Equal("192.0.2.1", (await lookup.AskAsync(CancellationToken.None)).Addresses.ToString());
        Assert.Equal((1, 1), (dead.Asked, dying.Asked));

        // It goes away, and the first comes back.
        good.Addresses = [];
        good.WhenAsked = () => time.Advance(share);
        (dead.Addresses, dead.WhenAsked) = (["192.0.2.2"], static () => { });
        Assert.Equal("192.0.2.2", (await lookup.AskAsync(CancellationToken.None)).Addresses.ToString());
    }

    [Fact]
    public async Task A_resolver_that_fails_or_hangs_is_no_answer()
    {
        _options.Timeout = TimeSpan.FromMilliseconds(100);
        NameAnswer failed = await Lookup("www.example.net", static (_, _) => throw new SocketException((int)SocketError.HostNotFound)).AskAsync(CancellationToken.None);
        NameAnswer hung = await Lookup("www.example.net", static (_, _) => new TaskCompletionSource<IPAddress[]>().Task).AskAsync(CancellationToken.None);

        Assert.Equal("the system's resolver says HostNotFound", failed.Problem);
        Assert.Equal("the system's resolver gives no answer", hung.Problem);
        Assert.All([failed, hung], static answer => Assert.Empty(answer.Addresses.Addresses));
    }

    [Fact]
    public async Task What_the_system_says_after_the_limit_counts_at_the_next_look_and_it_is_not_asked_meanwhile()
    {
        FakeTimeProvider time = new();
        (NameLookup lookup, List<TaskCompletionSource<IPAddress[]>> asked) = Asked(time);

        for (int look = 0; look < 3; look++)
        {
            Task<NameAnswer> late = lookup.AskAsync(CancellationToken.None);
            time.Advance(_options.Timeout);
            Assert.Equal("the system's resolver gives no answer", (await late).Problem);
        }

        Assert.Single(asked).SetResult([IPAddress.Parse(Cached)]);
        time.Advance(_options.SystemInterval);
        Assert.Equal(Cached, (await lookup.AskAsync(CancellationToken.None)).Addresses.ToString());
        Assert.Single(asked);

        // The next look is told something new, and so is one that comes much later.
        Task<NameAnswer> next = lookup.AskAsync(CancellationToken.None);
        time.Advance(_options.Timeout);
        await next;
        asked[1].SetResult([IPAddress.Parse("192.0.2.78")]);
        time.Advance(_options.MaxInterval * 2);
        next = lookup.AskAsync(CancellationToken.None);
        asked[2].SetResult([IPAddress.Parse("192.0.2.79")]);
        Assert.Equal("192.0.2.79", (await next).Addresses.ToString());
    }

    [Fact]
    public async Task A_failure_that_the_system_tells_late_says_nothing_of_now_and_a_question_that_never_ends_is_asked_anew()
    {
        FakeTimeProvider time = new();
        (NameLookup lookup, List<TaskCompletionSource<IPAddress[]>> asked) = Asked(time);
        Task<NameAnswer> look = lookup.AskAsync(CancellationToken.None);
        time.Advance(_options.Timeout);
        await look;

        // On a thread without a context what follows runs at once.
        await Task.Run(() => asked[0].SetException(new SocketException((int)SocketError.TryAgain)));

        look = lookup.AskAsync(CancellationToken.None);
        Assert.Equal(2, asked.Count);
        time.Advance(_options.Timeout);
        await look;
        time.Advance(_options.MaxInterval + TimeSpan.FromSeconds(1));
        look = lookup.AskAsync(CancellationToken.None);
        Assert.Equal(3, asked.Count);
        asked[2].SetResult([IPAddress.Parse(Cached)]);

        Assert.Equal(Cached, (await look).Addresses.ToString());
    }

    /// <summary>One whose system's resolver answers when the test does.</summary>
    private (NameLookup Lookup, List<TaskCompletionSource<IPAddress[]>> Asked) Asked(TimeProvider time)
    {
        List<TaskCompletionSource<IPAddress[]>> asked = [];
        return (new("www.example.net", () => _options, (_, _) =>
        {
            asked.Add(new());
            return asked[^1].Task;
        }, time), asked);
    }

    private NameLookup Lookup(string name) => Lookup(name, (host, _) =>
    {
        _asked.Add(host);
        return Task.FromResult<IPAddress[]>([IPAddress.Parse(Cached)]);
    });

    private NameLookup Lookup(string name, Func<string, CancellationToken, Task<IPAddress[]>> system) => new(name, () => _options, system, TimeProvider.System);
}
