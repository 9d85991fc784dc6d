namespace Failover.DnsSwitching.Tests.Fakes;

/// <summary>A clock that is wrong.</summary>
internal sealed class ShiftedTime(TimeSpan by) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + by;
}
