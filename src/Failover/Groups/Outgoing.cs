using Failover.Election;
using Failover.Engine;

namespace Failover.Groups;

/// <summary>What one step of the fold leaves to be carried out.</summary>
/// <param name="Before">The snapshot before the step; null at the start.</param>
/// <param name="After">The snapshot after it.</param>
/// <param name="Effects">What the fold asks for.</param>
/// <param name="Epochs">The epochs, if they have to be kept.</param>
/// <param name="Failed">The event at which the fold failed.</param>
/// <param name="Fault">What it failed with.</param>
internal sealed record Outgoing(
    GroupSnapshot? Before, GroupSnapshot? After, IReadOnlyList<GroupEffect> Effects, EpochBook? Epochs, GroupEvent? Failed, Exception? Fault);
