namespace Failover.TestServers.Sentinel;

/// <summary>The users that clients of a set have, with the rights that the docs name, and the passwords.</summary>
/// <param name="Password">The password of <see cref="Client"/>.</param>
/// <param name="SentinelPassword">The password of <see cref="Watcher"/>.</param>
public sealed record SentinelUsers(string Password, string SentinelPassword)
{
    /// <summary>The user of clients on the nodes: reads and writes, and may ask a node what it is.</summary>
    public const string Client = "app";

    /// <summary>The user of clients on the sentinels: may ask and listen.</summary>
    public const string Watcher = "failover-watch";

    private const string File = "Failover.TestServers.Sentinel.users.acl";

    /// <summary>Gets what <see cref="Client"/> may do.</summary>
    public static IReadOnlyList<string> ClientRights { get; } = RightsOf($"ACL SETUSER {Client} reset on >PASSWORD ");

    /// <summary>Gets what <see cref="Watcher"/> may do.</summary>
    public static IReadOnlyList<string> WatcherRights { get; } = RightsOf($"ACL SETUSER {Watcher} reset on >PASSWORD ");

    /// <summary>Gets what <see cref="Client"/> has to be allowed besides, to move the master.</summary>
    public static IReadOnlyList<string> ClientRightsToSwitch { get; } = RightsOf($"ACL SETUSER {Client} +");

    /// <summary>Gets what <see cref="Watcher"/> has to be allowed besides, to move the master.</summary>
    public static IReadOnlyList<string> WatcherRightsToSwitch { get; } = RightsOf($"ACL SETUSER {Watcher} +");

    internal string ClientLine => $"user {Client} on >{Password} {string.Join(' ', ClientRights)}";

    internal string WatcherLine => $"user {Watcher} on >{SentinelPassword} {string.Join(' ', WatcherRights)}";

    /// <summary>Nothing: it is for passwords.</summary>
    public override string ToString() => nameof(SentinelUsers);

    private static string[] RightsOf(string command)
    {
        using StreamReader reader = new(typeof(SentinelUsers).Assembly.GetManifestResourceStream(File)!);
        string line = reader.ReadToEnd().Split('\n').Single(line => line.StartsWith(command, StringComparison.Ordinal));
        return [.. line[command.TrimEnd('+').Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
    }
}
