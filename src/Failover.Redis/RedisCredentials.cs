namespace Failover.Redis;

/// <summary>What a node or a sentinel is asked for entry with: <c>AUTH</c>. Immutable, safe to share between threads. It shows neither part in <see cref="ToString"/>.</summary>
/// <param name="User">The name of the ACL user; null for the user <c>default</c>.</param>
/// <param name="Password">The password; null for none. With neither a user nor a password nothing is sent.</param>
public sealed record RedisCredentials(string? User, string? Password)
{
    /// <summary>Returns the name of the type: nothing of what it holds.</summary>
    public override string ToString() => nameof(RedisCredentials);
}
