using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Failover.Redis.Resp;
using Failover.Redis.Tunnel;
using Failover.TestServers;
using Failover.TestServers.Sentinel;
using Failover.TestServers.Servers;
using StackExchange.Redis;
using Xunit.Abstractions;

namespace Failover.Redis.Tests.Tunnel;

/// <summary>TLS, users and passwords, all of it below the multiplexer.</summary>
public sealed class TunnelAccessTests(ITestOutputHelper output)
{
    private const string First = "Gr4nite-and-moss";
    private const string Second = "Sl4te-and-fern";

    [ServerFact("redis-server")]
    public async Task A_user_whose_password_changes_is_asked_for_with_each_connection_and_the_multiplexer_knows_neither()
    {
        await using RedisServer server = await RedisServer.StartAsync("--user", "app", "on", $">{First}", "~*", "&*", "+@all");
        string password = First;
        int asked = 0;
        RespAccess access = TunnelApp.Open with
        {
            Credentials = async _ =>
            {
                await Task.Yield();
                Interlocked.Increment(ref asked);
                return new RedisCredentials("app", password);
            },
        };
        await using TunnelApp app = await TunnelApp.StartAsync(TunnelApp.At(server), access, options => (options.User, options.Password) = ("nobody", "nothing"));
        Assert.Equal("app", (string?)await app.Database.ExecuteAsync("ACL", "WHOAMI"));
        Assert.DoesNotContain(First, app.Multiplexer.Configuration, StringComparison.Ordinal);
        Assert.DoesNotContain("nothing", app.Multiplexer.Configuration, StringComparison.Ordinal);

        await app.Database.ExecuteAsync("ACL", "SETUSER", "app", "resetpass", $">{Second}");
        password = Second;
        int before = asked;
        await app.HoldAsync();
        app.Tunnel.Release();
        Assert.Equal("app", (string?)await app.Database.ExecuteAsync("ACL", "WHOAMI").WaitAsync(TunnelApp.Limit));
        Assert.True(asked > before);
    }

    [ServerFact("redis-server")]
    public async Task A_password_that_the_server_refuses_is_told_without_it_and_the_next_one_is_taken()
    {
        await using RedisServer server = await RedisServer.StartAsync("--user", "app", "on", $">{First}", "~*", "&*", "+@all");
        string? password = First;
        RespAccess access = TunnelApp.Open with { Credentials = _ => password is { } given ? new(new RedisCredentials("app", given)) : throw new InvalidOperationException($"the vault said {Second}") };
        await using TunnelApp app = await TunnelApp.StartAsync(TunnelApp.At(server), access);
        await app.HoldAsync();
        password = null;
        app.Tunnel.Release();
        await LoggedAsync(app, "InvalidOperationException");
        password = Second;
        await LoggedAsync(app, "WRONGPASS");
        password = First;
        await app.Database.PingAsync().WaitAsync(TunnelApp.Limit);

        string told = string.Concat(app.Logger.Collector.GetSnapshot().Select(static record => record.Message)) + string.Concat(app.Failures.Select(static failed => failed.Exception));
        output.WriteLine(told);
        Assert.DoesNotContain(Second, told, StringComparison.Ordinal);
    }

    [ServerFact("redis-server")]
    public async Task By_TLS_a_master_is_held_and_moved_under_load_without_a_loss()
    {
        await using SentinelSet set = await SentinelSet.StartAsync(new SentinelSetOptions { Tls = true, Passwords = true });
        RespAccess access = new(_ => new(new RedisCredentials(null, set.Password)), TlsWith(set.RootCertificateFile), "tests");
        RedisNode master = await set.WaitForMasterAsync();
        await using TunnelApp app = await TunnelApp.StartAsync(new DnsEndPoint("localhost", master.Port), access);
        await using CountingLoad load = CountingLoad.Start(app.Database);
        await load.MoreAsync(1_000);
        for (int turn = 0; turn < 5; turn++)
        {
            await app.HoldAsync();
            app.Tunnel.Release();
            await load.MoreAsync(500);
        }

        await app.HoldAsync();
        long written = (await master.StateAsync())!.Offset;
        foreach (RedisNode replica in set.Nodes.Where(node => node != master))
        {
            // Sentinel does not wait for that.
            await replica.WaitAsync(state => state.IsLinkUp && state.Offset >= written, TunnelApp.Limit);
        }

        RedisNode next = await set.SwitchAsync();
        await next.WaitAsync(static state => state.IsMaster, TunnelApp.Limit);
        app.Tunnel.SwitchTo(TunnelApp.At(next));
        await load.MoreAsync(1_000);
        await load.StopAsync();
        output.WriteLine($"{load.Acknowledged} commands, {load.Errors.Count} errors, {app.Tunnel.State}");
        await load.CheckAsync(app.Database);
        await app.UntilAsync(static state => state is { Handoffs: 6, Taken: >= 5 });
    }

    [ServerFact("redis-server")]
    public async Task A_server_whose_certificate_is_for_another_name_is_not_spoken_to()
    {
        await using SentinelSet set = await SentinelSet.StartAsync(new SentinelSetOptions { Tls = true, Passwords = true });
        RespAccess access = new(
            _ => new(new RedisCredentials(null, set.Password)),
            host => TlsWith(set.RootCertificateFile)(host == "localhost" ? host : "redis-a.example.com"),
            "tests");
        RedisNode master = await set.WaitForMasterAsync();
        await using TunnelApp app = await TunnelApp.StartAsync(new DnsEndPoint("localhost", master.Port), access);
        await app.HoldAsync();
        app.Tunnel.SwitchTo(TunnelApp.At(master));
        await LoggedAsync(app, nameof(AuthenticationException));
        app.Tunnel.SwitchTo(new DnsEndPoint("localhost", master.Port));
        await app.Database.PingAsync().WaitAsync(TunnelApp.Limit);
    }

    [Theory]
    [InlineData(5_000, 1_000, 10_000, 6_000)]
    [InlineData(int.MaxValue, int.MaxValue - 10, int.MaxValue, int.MaxValue)]
    public void Commands_may_wait_for_the_hold_limit_beside_their_own_time(int asynchronous, int synchronous, int expectedAsynchronous, int expectedSynchronous)
    {
        using MasterTunnel tunnel = new(new TunnelSettings(TunnelApp.Open, TimeSpan.FromSeconds(5)), TimeProvider.System, new Microsoft.Extensions.Logging.Testing.FakeLogger());
        ConfigurationOptions options = new() { AsyncTimeout = asynchronous, SyncTimeout = synchronous };
        MasterTunnel.Configure(options, tunnel);
        Assert.Equal((expectedAsynchronous, expectedSynchronous), (options.AsyncTimeout, options.SyncTimeout));
    }

    [ServerFact("redis-server")]
    public async Task A_command_that_is_held_for_longer_than_it_may_wait_fails_and_was_never_sent()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using TunnelApp app = await TunnelApp.StartAsync(TunnelApp.At(server), configure: static options => (options.AsyncTimeout, options.SyncTimeout) = (100, 100));
        await app.HoldAsync();
        Exception error = await Assert.ThrowsAnyAsync<Exception>(() => app.Database.StringIncrementAsync("k").WaitAsync(TunnelApp.Limit));
        output.WriteLine($"{error}");
        Assert.Equal(RedisExecution.NotExecuted, RedisOutcome.OfAsynchronous(error));
        app.Tunnel.Release();
        Assert.Equal(1, await app.Database.StringIncrementAsync("k").WaitAsync(TunnelApp.Limit));
    }

    private static Func<string, SslClientAuthenticationOptions> TlsWith(string root) => host =>
    {
        X509ChainPolicy chain = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        chain.CustomTrustStore.ImportFromPemFile(root);
        return new SslClientAuthenticationOptions { TargetHost = host, CertificateChainPolicy = chain };
    };

    private static async Task LoggedAsync(TunnelApp app, string words) => await TestServers.Waiting.ForAsync(
        () => Task.FromResult<object?>(app.Logger.Collector.GetSnapshot().Any(record => record.Message.Contains(words, StringComparison.Ordinal)) ? "" : null),
        TimeSpan.FromMilliseconds(10), TunnelApp.Limit, () => $"a log that says {words}: {string.Join('\n', app.Logger.Collector.GetSnapshot().Select(static record => record.Message))}");
}
