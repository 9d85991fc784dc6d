namespace Failover.TestServers.Sentinel;

/// <summary>The users that clients of a set have, with the rights that they need, and the passwords.</summary>
/// <param name="Password">The password of <see cref="Client"/>.</param>
/// <param name="SentinelPassword">The password of <see cref="Watcher"/>.</param>
public sealed record SentinelUsers(string Password, string SentinelPassword)
{
    /// <summary>The user of clients on the nodes: reads and writes, and may ask a node what it is.</summary>
    public const string Client = "app";

    /// <summary>The user of clients on the sentinels: may ask and listen.</summary>
    public const string Watcher = "watcher";

    private const string ClientRights = "~* &* -@all +@read +@write +@connection +@transaction +@pubsub +@scripting -@dangerous +info +role";
    private const string WatcherRights = "&* -@all +ping +subscribe +client|setname +sentinel|myid +sentinel|master +sentinel|get-master-addr-by-name +sentinel|sentinels +sentinel|replicas";

    internal string ClientLine => $"user {Client} on >{Password} {ClientRights}";

    internal string WatcherLine => $"user {Watcher} on >{SentinelPassword} {WatcherRights}";

    /// <summary>Nothing: it is for passwords.</summary>
    public override string ToString() => nameof(SentinelUsers);
}
