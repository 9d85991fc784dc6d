using Failover.Leases;
using Failover.Simulation.Leases.Checking.Invariants;

namespace Failover.Simulation.Leases.Mutants;

/// <summary>A resource that takes what comes, whatever its token.</summary>
internal sealed class ComparesNoTokens() : LeaseMutant(typeof(NothingAppliedUnderAnExpiredLease))
{
    internal override bool ResourceTakes(Epoch token, Epoch highest) => true;
}

/// <summary>A resource that takes what comes, whatever it was decided on.</summary>
internal sealed class ComparesNoVersions() : LeaseMutant(typeof(NothingAppliedUnderAnExpiredLease))
{
    internal override bool ResourceTakes(long decidedOn, long version) => true;
}

/// <summary>A holder that looks before it reads, and not before it writes: what it has read may be the work of the next holder.</summary>
internal sealed class DoesNotLookAfterItHasRead() : LeaseMutant(typeof(NothingAppliedUnderAnExpiredLease))
{
    internal override bool MayActOnWhatWasRead(LeaseState state, Moment now) => true;
}
