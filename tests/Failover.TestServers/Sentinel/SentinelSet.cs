using Failover.TestServers.Servers;

namespace Failover.TestServers.Sentinel;

/// <summary>
/// Redis with Sentinel on the loopback: a master, two replicas and three sentinels, up in a second. Faults are methods: those of one server are the server's, and <see cref="RestoreAsync"/> brings the set back to
/// health after each. It ends with the test process, however that ends. Members are for one thread.
/// </summary>
public sealed partial class SentinelSet : IAsyncDisposable
{
    /// <summary>The name by which the sentinels know the master.</summary>
    public const string ServiceName = "mymaster";

    private const int Size = 3;

    private SentinelSet(SentinelSetOptions options)
    {
        Options = options;
        Certificate = options.Tls ? ServerCertificate.New() : null;
        (Password, SentinelPassword) = options.Passwords || options.Users ? (Word(), Word()) : (null, null);
        Users = options.Users ? new(Word(), Word()) : null;
        Nodes = [.. Enumerable.Range(1, Size).Select(number => new RedisNode($"redis-{number}", this))];
        Sentinels = [.. Enumerable.Range(1, Size).Select(number => new SentinelNode($"sentinel-{number}", this))];
    }

    /// <summary>Gets what the set was started with.</summary>
    public SentinelSetOptions Options { get; }

    /// <summary>Gets the nodes; the first was the master at the start.</summary>
    public IReadOnlyList<RedisNode> Nodes { get; }

    /// <summary>Gets the sentinels.</summary>
    public IReadOnlyList<SentinelNode> Sentinels { get; }

    /// <summary>Gets the password of the nodes; null if they ask for none.</summary>
    public string? Password { get; }

    /// <summary>Gets the password of the sentinels; null if they ask for none.</summary>
    public string? SentinelPassword { get; }

    /// <summary>Gets the users of clients; null if there are none.</summary>
    public SentinelUsers? Users { get; }

    /// <summary>Gets the file with the certificate that clients take as their root, where the servers speak TLS. It is for <c>localhost</c> and <c>127.0.0.1</c>.</summary>
    public string RootCertificateFile => Nodes[0].CertificateFile;

    /// <summary>Gets where StackExchange.Redis finds the master through the sentinels; without passwords.</summary>
    public string ConnectionString => $"{string.Join(',', Sentinels.Select(static sentinel => sentinel.Endpoint))},serviceName={ServiceName}";

    internal ServerCertificate? Certificate { get; }

    /// <summary>Starts a set and waits until both replicas are in sync and all sentinels know of all.</summary>
    public static async Task<SentinelSet> StartAsync(SentinelSetOptions? options = null)
    {
        SentinelSet set = new(options ?? new());
        try
        {
            await set.StartNewAsync();
            return set;
        }
        catch
        {
            await set.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends all processes and deletes their folders.</summary>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(Sentinels.Select(static async sentinel => await sentinel.DisposeAsync()));
        await Task.WhenAll(Nodes.Select(static async node => await node.DisposeAsync()));
    }

    private async Task StartNewAsync()
    {
        await Task.WhenAll(Nodes.Select(static node => node.StartNewAsync()));
        await Task.WhenAll(Sentinels.Select(static sentinel => sentinel.StartNewAsync()));
        await WaitForHealthAsync();
    }

    private static string Word() => Guid.NewGuid().ToString("N");
}
