namespace Failover.Redis.Probing;

/// <summary>Where a replica was when it was last seen.</summary>
/// <param name="Offset">How far it had come.</param>
/// <param name="Since">When it was first seen there.</param>
/// <param name="Bytes">How many bytes it was behind; null if that is not known.</param>
/// <param name="Alarm">Whether people were told.</param>
internal sealed record ReplicaPlace(long Offset, TimeSpan Since, long? Bytes, LagAlarm Alarm);
