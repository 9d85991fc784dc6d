using System.Collections.Concurrent;
using System.Net;
using Failover.Redis.Resp;
using Failover.Redis.Tunnel;
using Failover.TestServers;
using Failover.TestServers.Servers;
using Microsoft.Extensions.Logging.Testing;
using StackExchange.Redis;

namespace Failover.Redis.Tests.Tunnel;

/// <summary>An app with one multiplexer that goes through a tunnel.</summary>
internal sealed class TunnelApp : IAsyncDisposable
{
    internal static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    internal static readonly RespAccess Open = new(static _ => new((RedisCredentials?)null), null, "tests");

    private readonly Task<ConnectionMultiplexer> _connecting;

    private TunnelApp(MasterTunnel tunnel, FakeLogger logger, ConfigurationOptions options)
    {
        (Tunnel, Logger, Options) = (tunnel, logger, options);
        _connecting = ConnectionMultiplexer.ConnectAsync(options);
    }

    internal MasterTunnel Tunnel { get; }

    internal FakeLogger Logger { get; }

    internal ConfigurationOptions Options { get; }

    internal ConnectionMultiplexer Multiplexer => _connecting.Result;

    internal IDatabase Database => Multiplexer.GetDatabase();

    /// <summary>Gets how each connection ended that the multiplexer lost.</summary>
    internal ConcurrentQueue<ConnectionFailedEventArgs> Failures { get; } = [];

    internal static EndPoint At(LoopbackServer server) => new IPEndPoint(IPAddress.Loopback, server.Port);

    /// <summary>Makes the tunnel and the multiplexer, whose connections wait as yet.</summary>
    internal static TunnelApp Waiting(RespAccess? access = null, Action<ConfigurationOptions>? configure = null)
    {
        FakeLogger logger = new();
        MasterTunnel tunnel = new(new TunnelSettings(access ?? Open, TimeSpan.FromSeconds(5)), TimeProvider.System, logger);

        // A wait that only ends by a timeout of the multiplexer's fails the test.
        ConfigurationOptions options = new() { AsyncTimeout = 60_000, SyncTimeout = 60_000, ConnectTimeout = 60_000, AllowAdmin = true };
        configure?.Invoke(options);
        MasterTunnel.Configure(options, tunnel);
        return new TunnelApp(tunnel, logger, options);
    }

    /// <summary>Makes both, and waits until the multiplexer is connected.</summary>
    internal static async Task<TunnelApp> StartAsync(EndPoint target, RespAccess? access = null, Action<ConfigurationOptions>? configure = null)
    {
        TunnelApp app = Waiting(access, configure);
        app.Tunnel.SwitchTo(target);
        await app.ConnectedAsync();
        return app;
    }

    internal async Task ConnectedAsync()
    {
        ConnectionMultiplexer multiplexer = await _connecting.WaitAsync(Limit);
        multiplexer.ConnectionFailed += (_, failed) => Failures.Enqueue(failed);
        await multiplexer.GetDatabase().PingAsync().WaitAsync(Limit);
    }

    /// <summary>Waits until something is so.</summary>
    internal async Task UntilAsync(Func<TunnelState, bool> isSo) =>
        await TestServers.Waiting.ForAsync(() => Task.FromResult<object?>(isSo(Tunnel.State) ? "" : null), TimeSpan.FromMilliseconds(2), Limit, () => $"a tunnel that says {Tunnel.State}");

    /// <summary>Has connections wait, and waits until there is none.</summary>
    internal async Task HoldAsync()
    {
        Tunnel.Hold("test");
        await UntilAsync(static state => state is { Links: 0, Waiting: > 0 });
    }

    /// <summary>Waits until what was sent and not answered is so much.</summary>
    internal async Task SentAsync(int commands) => await TestServers.Waiting.ForAsync(
        () => Task.FromResult<object?>(Multiplexer.GetCounters().Interactive is { PendingUnsentItems: 0, SentItemsAwaitingResponse: var sent } && sent >= commands ? "" : null),
        TimeSpan.FromMilliseconds(1), Limit, () => $"{commands} commands to be sent");

    /// <summary>Asks a server, over a connection of its own, how often a key was counted up.</summary>
    internal static async Task<long> CountAsync(LoopbackServer server, string key)
    {
        await using ConnectionMultiplexer direct = await ConnectionMultiplexer.ConnectAsync(new ConfigurationOptions { EndPoints = { At(server) } });
        return (long)await direct.GetDatabase().StringGetAsync(key);
    }

    public async ValueTask DisposeAsync()
    {
        Tunnel.End();
        await (await _connecting.WaitAsync(Limit)).DisposeAsync();
    }
}
