namespace Failover.PostgreSql.Lag;

/// <summary>What is known of how far one node is behind. One probe at a time sets it; anybody reads it.</summary>
internal sealed class StandbyLag
{
    private volatile StandbyPlace? _place;

    /// <summary>Gets where the node was when it was last seen as a standby; null where it was not, or is the primary.</summary>
    internal StandbyPlace? Place
    {
        get => _place;
        set => _place = value;
    }
}

/// <summary>Where a standby was when it was last seen.</summary>
/// <param name="Position">How far it had replayed.</param>
/// <param name="Since">When it was first seen there.</param>
/// <param name="Bytes">How many bytes it was behind; null if that is not known.</param>
/// <param name="Alarm">Whether people were told.</param>
internal sealed record StandbyPlace(long Position, TimeSpan Since, long? Bytes, LagAlarm Alarm);
