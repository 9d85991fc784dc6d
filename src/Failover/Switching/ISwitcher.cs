using System.Diagnostics.CodeAnalysis;

namespace Failover;

/// <summary>Makes the desired member true outside: a DNS record, a role, an address. Called for one switch at a time.</summary>
[Experimental("FAILOVER001")]
public interface ISwitcher
{
    /// <summary>Reads what is true outside now, at its authority.</summary>
    ValueTask<SwitchReading> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Says what would have to be done to make <paramref name="target"/> active. Pure: it changes nothing, and the plan can be printed.</summary>
    SwitchPlan Plan(SwitchReading reading, FailoverMember target);

    /// <summary>
    /// Carries a plan out if what it was made from is still true (compare and swap), and says what is true then.
    /// </summary>
    /// <param name="plan">The plan.</param>
    /// <param name="fencingToken">The token of the lease under which the plan is carried out; null where no arbiter was asked for.</param>
    /// <param name="cancellationToken">Cancelled when the lease is lost, the act takes too long or the group stops.</param>
    ValueTask<SwitchReceipt> ApplyAsync(SwitchPlan plan, long? fencingToken, CancellationToken cancellationToken);

    /// <summary>Puts back what <see cref="ApplyAsync"/> changed, by its receipt.</summary>
    ValueTask RestoreAsync(SwitchReceipt receipt, CancellationToken cancellationToken);
}
