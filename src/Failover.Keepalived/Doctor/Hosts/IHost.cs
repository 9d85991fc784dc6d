namespace Failover.Keepalived.Doctor.Hosts;

/// <summary>The host, as far as it is looked at. Whatever cannot be known is null or empty; nothing throws.</summary>
internal interface IHost
{
    /// <summary>The user of this process.</summary>
    HostUser? Self { get; }

    /// <summary>What a path leads to, through links; null if nothing is there.</summary>
    HostFile? Look(string path);

    /// <summary>The text of a file; null if it cannot be read, or is longer.</summary>
    string? Read(string path, int maxBytes);

    /// <summary>The names in a directory.</summary>
    IReadOnlyList<string> List(string directory);

    /// <summary>A user by name; null if there is none.</summary>
    HostUser? User(string name);

    /// <summary>Whether there is a group of that name.</summary>
    bool HasGroup(string name);
}
