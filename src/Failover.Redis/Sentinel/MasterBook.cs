namespace Failover.Redis.Sentinel;

/// <summary>Says which member is the master: the one that most of the sentinels name, if it says so itself. Safe for any thread; what it says is one volatile read.</summary>
internal sealed class MasterBook
{
    private volatile MasterView _view = MasterView.Nothing;

    /// <summary>Gets what the sentinels say by now.</summary>
    internal MasterView View => _view;

    /// <summary>Gets or sets who has the group that is told; null before there is one. Set by the watch alone.</summary>
    internal Func<GroupSnapshot?>? Group { get; set; }

    /// <summary>Judges what a node said of itself.</summary>
    /// <param name="member">The node.</param>
    /// <param name="saysMaster">Whether it says that it is a master.</param>
    internal (MemberRole Role, Epoch? Epoch) Judge(FailoverMember member, bool saysMaster)
    {
        MasterView view = _view;
        if (!saysMaster)
        {
            // No epoch: the group would leave its master for what a replica heard of the next epoch first.
            return (MemberRole.Replica, null);
        }

        return view.Epoch is { } epoch && member.Equals(view.Pinned ?? view.Master) && RivalOf(member, epoch, Group?.Invoke()) is null ? (MemberRole.Primary, epoch) : (MemberRole.Unknown, null);
    }

    /// <summary>Who of the others still counts as primary at this epoch. When a pin begins or ends, two members are taken for the master at one epoch, one after the other: the first has to be seen as none before.</summary>
    internal static FailoverMember? RivalOf(FailoverMember member, Epoch epoch, GroupSnapshot? group) =>
        group?.Members.FirstOrDefault(other => other is { Role: MemberRole.Primary, Verdict: Verdict.Healthy or Verdict.Suspect } && other.Epoch == epoch && !other.Member.Equals(member))?.Member;

    /// <summary>Takes in what the sentinels say now. Only the watch does.</summary>
    internal void Take(MasterView view) => _view = view;
}
