namespace Failover.TestServers.Servers;

/// <summary>Who may do what in a database cluster of several nodes: made up for each.</summary>
internal sealed record Secrets(string SuperuserPassword, string ReplicationPassword, string AppPassword)
{
    internal const string Superuser = "postgres";
    internal const string ReplicationUser = "replicator";

    internal static Secrets New() => new(Word(), Word(), Word());

    private static string Word() => Guid.NewGuid().ToString("N");
}
