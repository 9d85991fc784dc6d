namespace Failover.Redis;

/// <summary>Settings of a Redis group, beside its <see cref="GroupOptions"/>: <c>Failover:Groups:&lt;name&gt;</c> with <c>Kind: Redis</c>.</summary>
public sealed class RedisGroupOptions
{
    /// <summary>
    /// Gets or sets the connection string as StackExchange.Redis takes it: the sentinels, <c>serviceName</c>, and the rest: <c>sentinel-a,sentinel-b,sentinel-c,serviceName=mymaster,user=app,password=…,sentinelPassword=…,ssl=true</c>.
    /// Sentinels are given the user and the password of the nodes where none are said for them, and one that does not know these is asked without. A sentinel without a port is asked on 26379. <c>abortConnect</c>, <c>connectRetry</c>, <c>tiebreaker</c> and <c>configChannel</c> have no effect: the group knows who is master. Never shown. May not change while the app runs; other sentinels are found.
    /// </summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>Gets or sets from when on a node that was promoted takes the writes.</summary>
    /// <value>The default is <see cref="RedisPromotion.Majority"/>. May not change while the app runs.</value>
    public RedisPromotion Promotion { get; set; }

    /// <summary>
    /// Gets or sets for how long commands may wait once a sentinel has announced a failover, and how much is added to the connection's own timeouts so that they can. What is announced and does not come in that time is waited for no longer: commands go on with
    /// the master that is proven, or, if there is none, fail by their timeout.
    /// </summary>
    /// <value>The default is 5 seconds, which StackExchange.Redis's own 5 seconds are added to; from 100 milliseconds to 30 seconds. May not change while the app runs.</value>
    public TimeSpan HoldLimit { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Gets or sets how long <see cref="FailoverRedis.ExecuteAsync{T}(Func{StackExchange.Redis.IDatabase, CancellationToken, Task{T}}, CancellationToken)"/> waits for a master before it throws <see cref="MasterUnavailableException"/>.</summary>
    /// <value>The default is 30 seconds; from 0 to 1 hour.</value>
    public TimeSpan MaxWait { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Gets or sets which nodes and further sentinels may be connected to that only sentinels have named: hosts, <c>*.domain</c> or subnets like <c>10.1.2.0/24</c>, each with or without <c>:port</c>.
    /// </summary>
    /// <value>The default is an empty list: the hosts of the connection string and what is in their domain or private subnet; any host, where TLS verifies each by its own name.</value>
    public IList<string> AllowedMembers { get; set => field = value ?? throw new ArgumentNullException(nameof(value)); } = [];

    /// <summary>
    /// Gets or sets where nodes and sentinels are reached that announce themselves by an address that is not reachable from here, behind NAT or in containers: <c>"10.0.0.5:6379": "redis-a.example.com:16379"</c>. The announced address is the key, letter by letter as sentinels tell it.
    /// </summary>
    /// <value>The default is empty. May not change while the app runs.</value>
    public IDictionary<string, string> AddressMap { get; set => field = value ?? throw new ArgumentNullException(nameof(value)); } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Gets or sets the file, in PEM form, with the certificates that servers are verified by, in place of those of the machine. Only where the connection string says <c>ssl=true</c>.</summary>
    /// <value>The default is null. May not change while the app runs.</value>
    public string? CertificateAuthorityPath { get; set; }

    /// <summary>Gets or sets when people are told that a replica is behind.</summary>
    public LagOptions Lag { get; set => field = value ?? throw new ArgumentNullException(nameof(value)); } = new();
}
