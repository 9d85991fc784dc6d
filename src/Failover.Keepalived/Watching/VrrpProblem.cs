namespace Failover.Keepalived.Watching;

/// <summary>Says what is wrong, and what to do about it, in words for people. Pure.</summary>
internal static class VrrpProblem
{
    internal static string? Of(VrrpState state, VrrpStanding standing, bool isLost, VrrpNames names, TimeSpan now)
    {
        if (isLost)
        {
            // It removes its FIFO when it stops: that is missing because it has gone, and not the other way round.
            bool isKnown = standing == VrrpStanding.StrandedAddress || state.Word is VrrpWord.Stop;
            return state.Trouble is { } trouble && !(trouble.IsMissing && isKnown) ? trouble.Why : Gone(state, standing, names);
        }

        if (state.Word is VrrpWord.Stop)
        {
            return Gone(state, standing, names);
        }

        if (state.Word is VrrpWord.Deleted)
        {
            return $"the vrrp_instance {names.Instance} was removed from keepalived's configuration";
        }

        if (VrrpJudge.IsMisnamed(state, now))
        {
            return $"keepalived never named the vrrp_instance {names.Instance}, but {state.OtherName}: Instance is not that of its configuration";
        }

        if (!state.IsWordOld && VrrpJudge.IsFalse(state, now))
        {
            return state.Word == VrrpWord.Master
                ? $"keepalived says that it is master, and {names.Address} is on no interface that this process sees: Address is not that of {names.Instance}, somebody removed it, keepalived runs in another network namespace, or another reader of {names.Fifo} took a line"
                : $"{names.Address} is on an interface here, and keepalived says that it is {(state.Word == VrrpWord.Backup ? "backup" : "in FAULT")}: somebody added it by hand, and it is to be removed (ip address del)";
        }

        return standing switch
        {
            VrrpStanding.DualMaster when state.SeesAnother => $"another node holds {names.Address} too: it is seen on the network",
            VrrpStanding.DualMaster => $"{names.Peer} holds {names.Address} too, as it says itself: the two do not hear each other's adverts",
            VrrpStanding.NoMaster => $"nobody holds {names.Address}: {names.Peer} says that it does not",
            _ => null,
        };
    }

    private static string Gone(VrrpState state, VrrpStanding standing, VrrpNames names) =>
        standing == VrrpStanding.StrandedAddress ? $"keepalived has gone and has left {names.Address} here: start it again, or remove the address (ip address del)"
        : state.Word is VrrpWord.Stop ? "keepalived was stopped"
        : $"keepalived does not run, or does not write to {names.Fifo}";
}
