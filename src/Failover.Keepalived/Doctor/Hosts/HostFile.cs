namespace Failover.Keepalived.Doctor.Hosts;

/// <summary>What is known of a path without opening it.</summary>
internal sealed record HostFile(HostFileKind Kind, UnixFileMode Mode, uint Owner, uint Group)
{
    /// <summary>Whether a user may make, rename and replace files in it, also those of others.</summary>
    internal bool LetsReplaceFiles(HostUser user) =>
        user.Id == 0 || (Lets(user, UnixFileMode.UserWrite, UnixFileMode.GroupWrite, UnixFileMode.OtherWrite)
            && LetsEnter(user)
            && (Owner == user.Id || !Mode.HasFlag(UnixFileMode.StickyBit)));

    /// <summary>Whether a user may open files in it.</summary>
    internal bool LetsEnter(HostUser user) => user.Id == 0 || Lets(user, UnixFileMode.UserExecute, UnixFileMode.GroupExecute, UnixFileMode.OtherExecute);

    internal bool LetsRead(HostUser user) => user.Id == 0 || Lets(user, UnixFileMode.UserRead, UnixFileMode.GroupRead, UnixFileMode.OtherRead);

    private bool Lets(HostUser user, UnixFileMode asOwner, UnixFileMode inGroup, UnixFileMode asOther) =>
        Mode.HasFlag(Owner == user.Id ? asOwner : user.Groups.Contains(Group) ? inGroup : asOther);
}
