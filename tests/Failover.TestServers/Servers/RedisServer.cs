namespace Failover.TestServers.Servers;

/// <summary>A real Redis server, without persistence.</summary>
public sealed class RedisServer : LoopbackServer
{
    private readonly string[] _settings;

    private RedisServer(string[] settings) => _settings = settings;

    /// <summary>Gets where StackExchange.Redis finds the server.</summary>
    public string Endpoint => $"127.0.0.1:{Port}";

    /// <inheritdoc/>
    protected override string ReadyWords => "Ready to accept connections";

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Command =>
        [RequiredServer.Locate("redis-server"), "--port", $"{Port}", "--bind", "127.0.0.1", "--dir", Folder, "--save", "", "--appendonly", "no", .. _settings];

    /// <summary>Starts a server on a free port and waits until it takes connections.</summary>
    /// <param name="settings">Settings as on the command line: <c>"--maxmemory", "2mb"</c>.</param>
    public static Task<RedisServer> StartAsync(params string[] settings) => StartedAsync(new RedisServer(settings));

    /// <inheritdoc/>
    protected override Task PrepareAsync() => Task.CompletedTask;
}
