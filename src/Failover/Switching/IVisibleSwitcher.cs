using System.Diagnostics.CodeAnalysis;

namespace Failover;

/// <summary>A switcher whose act callers see later than its authority shows it: a name of DNS, which secondaries and caches have yet to learn.</summary>
[Experimental("FAILOVER001")]
public interface IVisibleSwitcher : ISwitcher
{
    /// <summary>Gets how long it may take until callers see a switch. The record of a switchover is final after that at the latest.</summary>
    TimeSpan VisibleWithin { get; }

    /// <summary>Waits until callers see that a member is active. Called after each change of the active member, whoever made it; a wait that the next change overtakes is cancelled.</summary>
    /// <param name="active">The member that is active.</param>
    /// <param name="cancellationToken">Cancelled when the next change overtakes it, after <see cref="VisibleWithin"/>, or when the group stops.</param>
    /// <returns>Whether callers see it; false if that cannot be known. What it throws is logged, and means the same.</returns>
    ValueTask<bool> WaitUntilVisibleAsync(FailoverMember active, CancellationToken cancellationToken);
}
