namespace Failover.Simulation.Checking.Invariants;

/// <summary>Writers are held for 30 seconds in all, however often a change is announced, until a primary has proven itself anew or they were free for as long.</summary>
internal sealed class HoldsEnd : Invariant
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private TimeSpan? _since;
    private TimeSpan _until;

    internal override void After(in Seen seen)
    {
        if (!Equals(seen.Before.Active, seen.After.Active))
        {
            _since = null;
        }

        if (seen.After.HoldUntil is not { } until || until <= seen.Elapsed)
        {
            return;
        }

        if (_since is null || seen.Elapsed - _until >= Longest)
        {
            _since = seen.Elapsed;
        }

        _until = until;
        if (until - _since > Longest)
        {
            Fail($"writers are held since {_since} and until {until}, and nobody has proven to be primary since");
        }
    }
}
