using System.Globalization;

namespace Failover.Simulation.Leases.Running;

/// <summary>What may happen to hosts, clocks, ways and servers; and what people do.</summary>
internal enum LeaseFaultKind
{
    /// <summary>The process stands still, and its clocks go on (SIGSTOP, a long collection).</summary>
    Stop,

    /// <summary>The process stands still right before it sends what it has decided to send.</summary>
    StopBeforeSend,

    /// <summary>Or right after: the answer comes while it stands still.</summary>
    StopAfterSend,

    /// <summary>The machine sleeps: its monotonic clock and its timers stand still, its wall clock goes on.</summary>
    Sleep,

    /// <summary>It falls asleep right before its process sends what it has decided to send.</summary>
    SleepBeforeSend,
    SleepAfterSend,
    Crash,
    WallForward,
    WallBack,
    CutStore,
    CutAnswersOfStore,
    CutResource,
    LossyStore,
    LateStore,
    LateResource,
    StoreAway,
    StoreFrozen,
    ResourceFrozen,

    /// <summary>The store has another leader: etcd counts every lease anew; a PostgreSQL standby is promoted, which may lack what came last. To the API server of Kubernetes it is a short absence.</summary>
    NewLeader,

    /// <summary>The store's data is lost, and begun anew.</summary>
    Rebuild,

    /// <summary>Whoever holds the lease, or asks for it, wants it no more for a while.</summary>
    GiveBack,
}

/// <summary>One of these.</summary>
/// <param name="At">When it begins.</param>
/// <param name="Kind">What.</param>
/// <param name="Host">Whom it meets; null for whoever was granted the lease last.</param>
/// <param name="Length">How long it lasts.</param>
/// <param name="Amount">How far a clock jumps, how late a message may come, how much a standby lacks.</param>
internal sealed record LeaseFault(TimeSpan At, LeaseFaultKind Kind, int? Host, TimeSpan Length, TimeSpan Amount)
{
    internal string What => string.Create(CultureInfo.InvariantCulture, $"{Kind}, for {Length.TotalSeconds:0.######} s, by {Amount.TotalSeconds:0.######} s");

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{At:hh\\:mm\\:ss\\.ffffff}  {(Host is { } host ? $"host-{host}" : "the holder")}: {What}");
}
