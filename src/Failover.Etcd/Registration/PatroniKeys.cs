namespace Failover.Etcd.Registration;

/// <summary>Where Patroni keeps what it knows.</summary>
internal static class PatroniKeys
{
    /// <summary>The key that the leader holds under its lease.</summary>
    /// <param name="scope">The cluster's name.</param>
    /// <param name="space">Where Patroni keeps its keys; with or without slashes around it, as Patroni has it.</param>
    internal static string Leader(string scope, string space = "service")
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(scope);
        ArgumentException.ThrowIfNullOrWhiteSpace(space);
        return $"/{space.Trim('/')}/{scope}/leader";
    }
}
