using Xunit;

namespace Failover.TestServers.Dns;

/// <summary>
/// Name servers for many test classes, each started when the first test asks for it:
/// <c>[CollectionDefinition("name servers")] public sealed class OnNameServers : ICollectionFixture&lt;SharedNameServers&gt;;</c>. The tests of a collection run one after another, each with names of its own
/// (<see cref="NameServer.NewName"/>); one that freezes a server lets it go on.
/// </summary>
public sealed class SharedNameServers : IAsyncLifetime
{
    private readonly Dictionary<NameServerKind, NameServer> _servers = [];
    private (BindServer Primary, BindServer Secondary)? _pair;

    /// <summary>Gets the one server of a make.</summary>
    public async Task<NameServer> GetAsync(NameServerKind kind)
    {
        if (!_servers.TryGetValue(kind, out NameServer? server))
        {
            _servers[kind] = server = kind switch
            {
                NameServerKind.Bind => (await PairAsync()).Primary,
                NameServerKind.Knot => await KnotServer.StartAsync(),
                _ => await PowerDnsServer.StartAsync(),
            };
        }

        return server;
    }

    /// <summary>Gets BIND's primary, the same as of <see cref="GetAsync"/>, and its secondary, which is told of changes at once.</summary>
    public async Task<(BindServer Primary, BindServer Secondary)> PairAsync() => _pair ??= await BindServer.StartPairAsync(notifyDelay: TimeSpan.Zero);

    /// <inheritdoc/>
    public Task InitializeAsync() => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        foreach (NameServer server in _servers.Values.Append(_pair?.Secondary).OfType<NameServer>())
        {
            await server.DisposeAsync();
        }

        // Asked for as a pair alone.
        if (_pair is { } pair)
        {
            await pair.Primary.DisposeAsync();
        }
    }
}
