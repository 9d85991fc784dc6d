using System.Net;
using Failover.DnsSwitching.Following;
using Microsoft.Extensions.Logging;

namespace Failover.DnsSwitching.Tests.Following;

/// <summary>When a name is looked at, and what comes of the answers.</summary>
public sealed class DnsFollowerTests : FollowerAtRest
{
    [Fact]
    public async Task A_name_is_looked_at_when_its_TTL_ends_and_not_before()
    {
        await using DnsFollower follower = Follower(chance: 1);
        using IDisposable followed = follower.Follow(new NotingMover(Name));
        await Lookup.AskedAsync();

        await PassAsync(TimeSpan.FromSeconds(9.99));
        Assert.Equal(1, Lookup.Asked);
        await PassAsync(TimeSpan.FromSeconds(0.01));
        await Lookup.AskedAsync();
        Assert.Equal(2, Lookup.Asked);
    }

    [Fact]
    public async Task A_failed_connect_is_looked_into_at_once_and_moves_without_a_second_look()
    {
        await using DnsFollower follower = Follower();
        NotingMover mover = new(Name);
        using IDisposable followed = follower.Follow(mover);
        await LookedAsync(follower);
        Lookup.Answer = () => [New];

        // No time passes.
        follower.ConnectFailed(Name, IPAddress.Parse(Old));

        Assert.Equal(New, Assert.Single((await mover.MovedAsync()).After).ToString());
    }

    [Fact]
    public async Task An_address_that_could_not_be_connected_to_is_not_the_first_that_the_next_connection_tries()
    {
        Lookup.Answer = () => [Old, New];
        await using DnsFollower follower = Follower();
        using IDisposable followed = follower.Follow(new NotingMover(Name));
        await LookedAsync(follower);

        follower.ConnectFailed(Name, IPAddress.Parse(Old));

        Assert.Equal([New, Old], (await follower.ResolveAsync(Name, CancellationToken.None)).Select(static address => address.ToString()));
    }

    [Fact]
    public async Task Connects_that_fail_all_the_time_have_it_looked_at_once_a_second()
    {
        await using DnsFollower follower = Follower();
        using IDisposable followed = follower.Follow(new NotingMover(Name));
        await LookedAsync(follower);

        // The first is looked into at once. The next one wakes it, and it waits for its second: before that the clock must not go on.
        follower.ConnectFailed(Name, null);
        await UntilAsync(() => Lookup.Asked == 2, TimeSpan.Zero);
        await SettleAsync();
        int waits = Time.Waits;
        follower.ConnectFailed(Name, null);
        await UntilAsync(() => Time.Waits > waits, TimeSpan.Zero);
        for (int second = 1; second <= 10; second++)
        {
            for (int tenth = 0; tenth < 10; tenth++)
            {
                Assert.Equal(1 + second, Lookup.Asked);
                follower.ConnectFailed(Name, null);
                await PassAsync(TimeSpan.FromSeconds(0.1));
            }

            int looks = 2 + second;
            await UntilAsync(() => Lookup.Asked == looks, TimeSpan.Zero);
        }

        Assert.Equal(12, Lookup.Asked);
    }

    [Fact]
    public async Task A_connect_to_an_address_that_the_name_has_left_is_not_looked_into()
    {
        await using DnsFollower follower = Follower();
        using IDisposable followed = follower.Follow(new NotingMover(Name));
        await LookedAsync(follower);

        follower.ConnectFailed(Name, IPAddress.Parse("192.0.2.77"));
        follower.ConnectFailed("unheard.example.test", null);
        await PassAsync(TimeSpan.FromSeconds(5));

        Assert.Equal(1, Lookup.Asked);
    }

    [Fact]
    public async Task While_DNS_is_away_connections_go_to_the_last_good_addresses_and_it_is_told_once()
    {
        await using DnsFollower follower = Follower();
        NotingMover mover = new(Name);
        using IDisposable followed = follower.Follow(mover);
        await LookedAsync(follower);

        Lookup.Answer = static () => throw new InvalidOperationException("a bug of the resolver's");
        await PassAsync(TimeSpan.FromSeconds(30), steps: 30);
        Lookup.Answer = static () => [];
        await PassAsync(TimeSpan.FromSeconds(60), steps: 60);

        Assert.Equal(Old, Assert.Single(await follower.ResolveAsync(Name, CancellationToken.None)).ToString());
        Assert.Empty(mover.Moves);
        Assert.Single(Logger.Collector.GetSnapshot(), static record => record.Id.Id == 12102);

        Lookup.Answer = () => [Old];
        await UntilAsync(() => Logger.Collector.GetSnapshot().Any(static record => record.Id.Id == 12103), TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Name_servers_that_are_silent_are_told_once_and_so_is_their_return()
    {
        Lookup.Silence = "127.0.0.1:53: no answer in time";
        await using DnsFollower follower = Follower();
        using IDisposable followed = follower.Follow(new NotingMover(Name));
        await LookedAsync(follower);
        await PassAsync(TimeSpan.FromSeconds(30), steps: 30);
        Assert.Contains("no answer in time", Assert.Single(Logger.Collector.GetSnapshot(), static record => record.Id.Id == 12108).Message, StringComparison.Ordinal);

        Lookup.Silence = null;
        await UntilAsync(() => Logger.Collector.GetSnapshot().Any(static record => record.Id.Id == 12109), TimeSpan.FromSeconds(1));
        Assert.Single(Logger.Collector.GetSnapshot(), static record => record.Id.Id == 12108);
    }

    [Fact]
    public async Task A_name_that_flaps_moves_no_more_often_than_is_allowed_and_that_is_told()
    {
        Options.MaxMovesPerMinute = 3;
        await using DnsFollower follower = Follower();
        NotingMover mover = new(Name);
        using IDisposable followed = follower.Follow(mover);
        await LookedAsync(follower);
        Lookup.TimeToLive = TimeSpan.Zero;
        int asked = 0;
        Lookup.Answer = () => [++asked / 2 % 2 == 0 ? New : Old];

        await PassAsync(TimeSpan.FromMinutes(1), steps: 120);
        Assert.Equal(3, mover.Moves.Count);
        Assert.Contains(Logger.Collector.GetSnapshot(), static record => record.Id.Id == 12104 && record.Level == LogLevel.Warning);
        Assert.InRange(Lookup.Asked, 20, 70);
    }

    [Fact]
    public async Task A_name_whose_answers_differ_each_time_is_asked_no_more_often_than_its_TTL_says()
    {
        await using DnsFollower follower = Follower(chance: 1);
        NotingMover mover = new(Name);
        int asked = 0;
        Lookup.Answer = () => [$"192.0.2.{++asked}"];
        using IDisposable followed = follower.Follow(mover);
        await LookedAsync(follower);

        await PassAsync(TimeSpan.FromMinutes(1), steps: 120);

        // The first after 10 seconds, the look that was to confirm it, and five.
        Assert.InRange(Lookup.Asked, 6, 8);
        Assert.Empty(mover.Moves);
    }

    [Fact]
    public async Task Who_connects_by_the_system_is_told_again_when_its_caches_have_caught_up()
    {
        string system = Old;
        Lookup.System = () => [system];
        await using DnsFollower follower = Follower();
        NotingMover mover = new(Name);
        using IDisposable followed = follower.Follow(mover);
        await LookedAsync(follower);

        Lookup.Answer = () => [New];
        await UntilAsync(() => mover.Moves.Count == 1, TimeSpan.FromSeconds(1));
        await PassAsync(TimeSpan.FromSeconds(10), steps: 10);
        Assert.Single(mover.Moves);
        system = New;
        await UntilAsync(() => mover.Moves.Count == 2, TimeSpan.FromSeconds(1));
        await PassAsync(TimeSpan.FromSeconds(60), steps: 60);

        Assert.Equal([false, true], mover.Moves.Select(static move => move.IsRepeated));
    }

    [Fact]
    public async Task A_resolver_of_the_system_that_hangs_holds_up_neither_this_move_nor_the_next()
    {
        TaskCompletionSource hang = new();
        (Lookup.System, Lookup.Hang, Lookup.TimeToLive) = (() => [New], hang.Task, TimeSpan.Zero);
        await using DnsFollower follower = Follower();
        NotingMover mover = new(Name);
        using IDisposable followed = follower.Follow(mover);
        await LookedAsync(follower);

        Lookup.Answer = () => [New];
        await UntilAsync(() => mover.Moves.Count == 1, TimeSpan.FromSeconds(0.1));
        Lookup.Answer = () => [Old];
        await UntilAsync(() => mover.Moves.Count == 2, TimeSpan.FromSeconds(0.1));
        Lookup.Answer = () => [New];
        await UntilAsync(() => mover.Moves.Count == 3, TimeSpan.FromSeconds(0.1));
        hang.SetResult();
        await UntilAsync(() => mover.Moves.Count == 4, TimeSpan.FromSeconds(0.1));

        Assert.Equal([false, false, false, true], mover.Moves.Select(static move => move.IsRepeated));
    }
}
