namespace Failover.Etcd.Client;

/// <summary>A key as it was at a revision of the store.</summary>
/// <param name="State">What it held.</param>
/// <param name="Revision">The revision of the whole store.</param>
internal readonly record struct EtcdKey(KeyState State, long Revision);

/// <summary>
/// Who holds a key: compared by the revision that created it and by its value, so that a holder who writes the same again, or keeps its lease alive, changes nothing.
/// </summary>
/// <param name="CreateRevision">The revision that created it: grows each time that somebody takes a key that was gone. It serves as a fencing token, too.</param>
/// <param name="Value">What it holds, in base64.</param>
internal readonly record struct KeyState(long CreateRevision, string? Value)
{
    /// <summary>Gets the state of a key that is not there.</summary>
    internal static KeyState Absent => default;
}

/// <summary>One message of a watch.</summary>
/// <param name="IsCreated">Whether it says that the watch has begun.</param>
/// <param name="State">What the key holds by now; null if the message does not say.</param>
/// <param name="Revision">The revision that made it so; 0 if the message does not say.</param>
internal readonly record struct WatchMessage(bool IsCreated, KeyState? State, long Revision);
