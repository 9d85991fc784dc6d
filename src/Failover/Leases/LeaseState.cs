namespace Failover.Leases;

/// <summary>Where a lease is in its life. It goes forward only: a lease that is over is never held again.</summary>
internal enum LeasePhase
{
    Asking,
    Held,
    Over,
}

/// <summary>How long a lease lasts, and by how much its holder stops early.</summary>
internal sealed record LeaseSettings(TimeSpan Duration, TimeSpan Margin)
{
    /// <summary>Gets how long a holder goes by its timer before it looks at the wall clock: a timer stands still while the machine sleeps, and would tell a loss that much later.</summary>
    internal TimeSpan LookEvery => Duration / 10;

    /// <summary>Gets how long the store may take for one answer. Short enough for several tries before the lease runs out.</summary>
    internal TimeSpan CallLimit => Duration / 5;

    /// <summary>Gets how long to wait after a renewal that failed.</summary>
    internal TimeSpan RetryPause => Duration / 20;

    /// <summary>How long what was granted may be relied on, from before the ask was sent. A store that grants less than was asked for is believed; one that grants more changes nothing.</summary>
    internal TimeSpan Validity(LeaseGrant grant) => Counted(grant) - Margin;

    /// <summary>When the lease is renewed, counted from when the last answered ask was sent: well before it is over, for a shorter grant too.</summary>
    internal TimeSpan RenewAfter(LeaseGrant grant) => Counted(grant) / 3;

    private TimeSpan Counted(LeaseGrant grant) => grant.Duration < Duration ? grant.Duration : Duration;
}

/// <summary>All that is known of one lease. Immutable.</summary>
internal sealed record LeaseState(LeaseSettings Settings)
{
    internal LeasePhase Phase { get; init; } = LeasePhase.Asking;

    internal LeaseGrant? Grant { get; init; }

    /// <summary>Gets when the store was last asked: what it grants is counted from here.</summary>
    internal Moment SentAt { get; init; }

    /// <summary>Gets the number of the ask under way, or of the last one. An answer to an earlier one comes too late.</summary>
    internal int Operation { get; init; }

    internal bool InFlight { get; init; }

    internal Moment ValidUntil { get; init; }

    internal TimeSpan NextRenewal { get; init; }

    /// <summary>
    /// Whether the time of the lease is over, by either clock: a monotonic clock may stand still while a machine sleeps or is moved, and the wall clock then tells. A wall clock that is put forward by as much costs a lease that was good;
    /// put back it changes nothing.
    /// </summary>
    internal bool IsOver(Moment now) => now.Elapsed >= ValidUntil.Elapsed || now.Utc >= ValidUntil.Utc;

    /// <summary>Whether the holder may act.</summary>
    internal bool MayAct(Moment now) => Phase == LeasePhase.Held && !IsOver(now);

    /// <summary>When the fold is to be asked again, on the monotonic clock; null if only an answer moves it.</summary>
    internal TimeSpan? NextWake(Moment now)
    {
        if (Phase != LeasePhase.Held)
        {
            return null;
        }

        TimeSpan next = InFlight || NextRenewal > ValidUntil.Elapsed ? ValidUntil.Elapsed : NextRenewal;
        TimeSpan look = now.Elapsed + Settings.LookEvery;
        return next < look ? next : look;
    }
}
