using System.Text.RegularExpressions;
using Failover.Etcd.Tests.Fakes;
using Failover.Etcd.Watching;
using Failover.TestServers;
using Failover.TestServers.Http;
using Failover.TestServers.Servers;

namespace Failover.Etcd.Tests.Watching;

/// <summary>The watch against a real etcd.</summary>
public partial class KeyWatchTests
{
    private const string Leader = "/service/shop/leader";

    [ServerFact("etcd", "etcdctl")]
    public async Task Each_change_of_the_holder_is_told_once_and_what_was_there_before_is_not()
    {
        await using EtcdServer etcd = await EtcdServer.StartAsync();
        await etcd.ControlAsync("put", Leader, "pg-a");
        await using Heard heard = new(Leader, $"{etcd.Address}");
        await heard.WatchedAsync();
        Assert.Equal(0, heard.Hints);

        await etcd.ControlAsync("put", Leader, "pg-b");
        await heard.HintAsync(1);
        await etcd.ControlAsync("del", Leader);
        await heard.HintAsync(2);
        await etcd.ControlAsync("put", Leader, "pg-b");
        await heard.HintAsync(3);

        Assert.Equal(3, heard.Hints);
        Assert.Single(heard.Logs);
    }

    [ServerFact("etcd", "etcdctl")]
    public async Task A_lease_that_runs_out_is_told_and_one_that_is_kept_alive_or_a_holder_who_writes_the_same_again_is_not()
    {
        await using EtcdServer etcd = await EtcdServer.StartAsync();
        string lease = LeaseId().Match(await etcd.ControlAsync("lease", "grant", "5")).Value;
        await etcd.ControlAsync("put", "--lease", lease, Leader, "pg-a");
        await using Heard heard = new(Leader, $"{etcd.Address}");
        await heard.WatchedAsync();

        await etcd.ControlAsync("lease", "keep-alive", "--once", lease);
        await etcd.ControlAsync("put", "--lease", lease, Leader, "pg-a");
        await etcd.ControlAsync("lease", "keep-alive", "--once", lease);
        Assert.Equal(0, heard.Hints);

        await heard.HintAsync(1);
        Assert.Equal("", await etcd.ControlAsync("get", Leader));
    }

    [ServerFact("etcd", "etcdctl")]
    public async Task Other_keys_are_not_told()
    {
        await using EtcdServer etcd = await EtcdServer.StartAsync();
        await using Heard heard = new(Leader, $"{etcd.Address}");
        await heard.WatchedAsync();

        await etcd.ControlAsync("put", "/service/shop/leader2", "pg-a");
        await etcd.ControlAsync("put", "/service/shop", "pg-a");
        await etcd.ControlAsync("put", Leader, "pg-a");
        await heard.HintAsync(1);

        Assert.Equal(1, heard.Hints);
    }

    [ServerFact("etcd", "etcdctl")]
    public async Task What_happened_while_etcd_was_away_is_told_when_it_is_back_though_it_was_compacted_and_its_loss_is_logged_once()
    {
        await using EtcdServer etcd = await EtcdServer.StartAsync();
        await etcd.ControlAsync("put", Leader, "pg-a");
        await using RudeServer gone = new(static (_, _, _) => Task.CompletedTask);
        string[] endpoints = [$"{etcd.Address}"];
        EtcdOptions there = Heard.Quick(endpoints), away = Heard.Quick(gone.Endpoint);
        EtcdOptions inForce = there;
        await using Heard heard = new(() => new WatchSettings(inForce, Leader));
        await heard.WatchedAsync();

        inForce = away;
        await heard.LostAsync();
        await etcd.ControlAsync("put", Leader, "pg-b");
        await etcd.ControlAsync("put", "/other", "1");
        await etcd.ControlAsync("compact", "3");
        Assert.Equal(0, heard.Hints);
        inForce = there;
        await heard.HintAsync(1);
        await heard.WatchedAsync();

        Assert.Equal(["EtcdWatched", "EtcdNotWatched", "EtcdWatched"], heard.Logs.Select(static log => log.Split(':')[0]));
    }

    [ServerFact("etcd", "etcdctl")]
    public async Task An_etcd_that_was_killed_and_started_again_is_watched_again()
    {
        await using EtcdServer etcd = await EtcdServer.StartAsync();
        await etcd.ControlAsync("put", Leader, "pg-a");
        await using Heard heard = new(Leader, $"{etcd.Address}");
        await heard.WatchedAsync();

        await etcd.KillAsync();
        await heard.LostAsync();
        await etcd.StartAgainAsync();
        await heard.WatchedAsync();
        Assert.Equal(0, heard.Hints);
        await etcd.ControlAsync("put", Leader, "pg-b");
        await heard.HintAsync(1);

        Assert.Equal(3, heard.Logs.Count);
    }

    [ServerFact("etcd", "etcdctl")]
    public async Task A_frozen_member_is_left_for_another_and_so_is_one_that_died()
    {
        EtcdServer[] cluster = await EtcdServer.StartClusterAsync(3);
        await using EtcdServer first = cluster[0], second = cluster[1], third = cluster[2];
        await third.ControlAsync("put", Leader, "pg-a");
        await using Heard heard = new(Leader, $"{first.Address}", $"{second.Address}");
        await heard.WatchedAsync($"{first.Address}");

        first.Freeze();
        await heard.WatchedAsync($"{second.Address}");
        await third.ControlAsync("put", Leader, "pg-b");
        await heard.HintAsync(1);

        first.Thaw();
        await first.ControlAsync("get", Leader);
        await second.KillAsync();
        await heard.WatchedAsync($"{first.Address}");
        await first.ControlAsync("put", Leader, "pg-c");
        await heard.HintAsync(2);
    }

    [ServerFact("etcd", "etcdctl")]
    public async Task A_member_that_cannot_reach_the_others_is_left()
    {
        EtcdServer[] cluster = await EtcdServer.StartClusterAsync(3);
        await using EtcdServer first = cluster[0], second = cluster[1], third = cluster[2];
        await using EtcdServer other = await EtcdServer.StartAsync();
        await using Heard heard = new(Leader, $"{first.Address}", $"{other.Address}");
        await heard.WatchedAsync($"{first.Address}");

        // Alone it has no majority, as behind a cut of the network.
        second.Freeze();
        third.Freeze();
        await heard.WatchedAsync($"{other.Address}");
        await other.ControlAsync("put", Leader, "pg-b");
        await heard.HintAsync(1);
    }

    [ServerFact("etcd", "etcdctl")]
    public async Task A_user_may_be_asked_for_and_the_token_is_renewed_when_etcd_has_forgotten_it()
    {
        await using EtcdServer etcd = await EtcdServer.StartAsync();
        await etcd.EnableAuthenticationAsync("pencil", "/service/");
        EtcdOptions options = Heard.Quick($"{etcd.Address}");
        (options.UserName, options.Password) = ("app", "pencil");
        await using Heard heard = new(options, Leader);
        await heard.WatchedAsync();
        await etcd.ControlAsync("--user", "root:pencil", "put", Leader, "pg-a");
        await heard.HintAsync(1);

        // Tokens are kept in memory only.
        await etcd.KillAsync();
        await heard.LostAsync();
        await etcd.StartAgainAsync();
        await heard.WatchedAsync();
        await etcd.ControlAsync("--user", "root:pencil", "put", Leader, "pg-b");
        await heard.HintAsync(2);

        // A change of the users makes older tokens void.
        await etcd.ControlAsync("--user", "root:pencil", "user", "add", "third:pencil");
        await etcd.ControlAsync("--user", "root:pencil", "put", Leader, "pg-c");
        await heard.HintAsync(3);
        Assert.DoesNotContain(heard.Logs, static log => log.Contains("pencil", StringComparison.Ordinal));
    }

    [ServerTheory("etcd", "etcdctl")]
    [InlineData("app", "wrong", Leader)]
    [InlineData("app", "pencil", "/secret/key")]
    [InlineData(null, null, Leader)]
    public async Task A_user_who_is_refused_is_told_once_and_without_a_secret(string? user, string? password, string key)
    {
        await using EtcdServer etcd = await EtcdServer.StartAsync();
        await etcd.EnableAuthenticationAsync("pencil", "/service/");
        EtcdOptions options = Heard.Quick($"{etcd.Address}");
        (options.UserName, options.Password) = (user, password);
        await using Heard heard = new(options, key);

        await heard.LostAsync();

        string log = Assert.Single(heard.Logs);
        Assert.Contains("it answered 4", log, StringComparison.Ordinal);
        Assert.DoesNotContain("pencil", log, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong", log, StringComparison.Ordinal);
    }

    [ServerFact("etcd", "etcdctl")]
    public async Task A_user_is_no_harm_where_etcd_asks_for_none()
    {
        await using EtcdServer etcd = await EtcdServer.StartAsync();
        EtcdOptions options = Heard.Quick($"{etcd.Address}");
        (options.UserName, options.Password) = ("app", "pencil");
        await using Heard heard = new(options, Leader);
        await heard.WatchedAsync();

        await etcd.ControlAsync("put", Leader, "pg-a");
        await heard.HintAsync(1);
    }

    [ServerFact("etcd", "etcdctl")]
    public async Task Over_TLS_the_certificate_must_be_signed_by_the_given_authority()
    {
        await using EtcdServer etcd = await EtcdServer.StartWithTlsAsync();
        EtcdOptions trusting = Heard.Quick($"{etcd.Address}");
        trusting.CertificateAuthorityPath = etcd.CertificatePath;
        await using Heard heard = new(trusting, Leader);
        await using Heard stranger = new(Leader, $"{etcd.Address}");
        await heard.WatchedAsync();
        await stranger.LostAsync();

        await etcd.ControlAsync("put", Leader, "pg-a");
        await heard.HintAsync(1);

        Assert.Equal(0, stranger.Hints);
        Assert.Contains("SecureConnectionError", Assert.Single(stranger.Logs), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_that_cannot_be_read_is_told_and_ends_nothing()
    {
        EtcdOptions options = Heard.Quick("https://127.0.0.1:1");
        options.CertificateAuthorityPath = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid()}.pem");
        await using Heard heard = new(options, Leader);

        await heard.LostAsync();

        Assert.Contains("a certificate of the settings cannot be read (FileNotFoundException)", Assert.Single(heard.Logs), StringComparison.Ordinal);
    }

    [GeneratedRegex("(?<=lease )[0-9a-f]+")]
    private static partial Regex LeaseId();
}
