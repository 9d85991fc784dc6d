namespace Failover.TestServers.Patroni;

/// <summary>Who may do what in a cluster: made up for each.</summary>
internal sealed record PatroniSecrets(string SuperuserPassword, string ReplicationPassword, string AppPassword)
{
    internal const string Superuser = "postgres";
    internal const string ReplicationUser = "replicator";

    internal static PatroniSecrets New() => new(Word(), Word(), Word());

    private static string Word() => Guid.NewGuid().ToString("N");
}
