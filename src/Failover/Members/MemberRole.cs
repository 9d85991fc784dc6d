namespace Failover;

/// <summary>What a member says of itself, where its kind has roles.</summary>
public enum MemberRole
{
    /// <summary>The member did not say, or its kind has no roles (an HTTP backend).</summary>
    Unknown,

    /// <summary>The member takes writes: a database's primary, a Redis master, the owner of a virtual IP.</summary>
    Primary,

    /// <summary>The member follows a primary: a standby, a replica, a backup.</summary>
    Replica,
}
