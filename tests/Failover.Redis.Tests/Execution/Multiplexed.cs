using Failover.TestServers.Network;
using Failover.TestServers.Servers;
using StackExchange.Redis;

namespace Failover.Redis.Tests.Execution;

/// <summary>A plain multiplexer over a network that can fail, to a real server, and one that goes there directly to see what the server has.</summary>
internal sealed class Multiplexed : IAsyncDisposable
{
    internal static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly ConnectionMultiplexer _multiplexer;
    private readonly ConnectionMultiplexer _direct;

    private Multiplexed(RedisServer server, Relay relay, ConnectionMultiplexer multiplexer, ConnectionMultiplexer direct) => (Server, Relay, _multiplexer, _direct) = (server, relay, multiplexer, direct);

    internal RedisServer Server { get; }

    internal Relay Relay { get; }

    internal IConnectionMultiplexer Connection => _multiplexer;

    internal IDatabase Database => _multiplexer.GetDatabase();

    internal IDatabase Direct => _direct.GetDatabase();

    /// <param name="timeout">How long a command may take.</param>
    /// <param name="settings">Settings of the server.</param>
    internal static Task<Multiplexed> StartAsync(TimeSpan timeout, params string[] settings) => StartAsync(timeout, static _ => { }, settings);

    internal static async Task<Multiplexed> StartAsync(TimeSpan timeout, Action<ConfigurationOptions> configure, params string[] settings)
    {
        RedisServer server = await RedisServer.StartAsync(["--enable-debug-command", "yes", .. settings]);
        Relay relay = Relay.Start(server.Port);
        return new(server, relay, await ConnectAsync(relay.Port, timeout, configure), await ConnectAsync(server.Port, Limit, static _ => { }));
    }

    /// <summary>Does something while the network is silent, and cuts the connections then.</summary>
    internal async Task CutAsync(Func<Task> meanwhile)
    {
        await Relay.BecomeAsync(RelayMode.Blackhole);
        await meanwhile();
        await Relay.BecomeAsync(RelayMode.Cut);
    }

    /// <summary>Lets the network work again, and waits until commands are answered.</summary>
    internal async Task MendAsync()
    {
        await Relay.BecomeAsync(RelayMode.Pass);
        await EventuallyAsync(async () => await Failed(() => Database.PingAsync()) is null);
    }

    internal static async Task EventuallyAsync(Func<Task<bool>> isSo)
    {
        using CancellationTokenSource limit = new(Limit);
        using PeriodicTimer pace = new(TimeSpan.FromMilliseconds(10));
        while (!await isSo())
        {
            await pace.WaitForNextTickAsync(limit.Token);
        }
    }

    /// <summary>What a command ended with; null if it went well.</summary>
    internal static async Task<Exception?> Failed(Func<Task> command)
    {
        try
        {
            await command().WaitAsync(Limit);
            return null;
        }
        catch (Exception exception) when (exception is not TimeoutException || exception is RedisTimeoutException)
        {
            return exception;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _multiplexer.DisposeAsync();
        await _direct.DisposeAsync();
        await Relay.BecomeAsync(RelayMode.Cut);
        await Relay.DisposeAsync();
        await Server.DisposeAsync();
    }

    private static async Task<ConnectionMultiplexer> ConnectAsync(int port, TimeSpan timeout, Action<ConfigurationOptions> configure)
    {
        ConfigurationOptions options = new()
        {
            EndPoints = { { "127.0.0.1", port } },
            AbortOnConnectFail = false,
            AllowAdmin = true,
            AsyncTimeout = (int)timeout.TotalMilliseconds,
            SyncTimeout = (int)timeout.TotalMilliseconds,
            HeartbeatInterval = TimeSpan.FromMilliseconds(100),
            ReconnectRetryPolicy = new LinearRetry(50),
            Protocol = RedisProtocol.Resp3,
        };
        configure(options);
        return await ConnectionMultiplexer.ConnectAsync(options);
    }
}
