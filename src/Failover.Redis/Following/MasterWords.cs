using System.Globalization;
using System.Text;
using Failover.Redis.Sentinel;

namespace Failover.Redis.Following;

/// <summary>Says what is known of every node and of the sentinels, for who was refused and for people.</summary>
internal static class MasterWords
{
    internal static string Of(GroupSnapshot snapshot, MasterView view)
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"{snapshot.Group} has no master ({snapshot.Condition}");
        if (snapshot.Reason is { } reason)
        {
            text.Append(CultureInfo.InvariantCulture, $": {reason}");
        }

        text.Append("). ").Append(OfSentinels(view)).Append('.');
        if (!snapshot.Members.IsEmpty)
        {
            text.Append(' ').AppendJoin("; ", snapshot.Members.Select(OfNode)).Append('.');
        }

        return text.ToString();
    }

    internal static string OfSentinels(MasterView view) => view.Master is { } master
        ? string.Create(CultureInfo.InvariantCulture, $"{view.Heard} of {view.Known} sentinels answer; most of them named {master.Name} last, at epoch {view.Epoch?.Number}")
        : string.Create(CultureInfo.InvariantCulture, $"{view.Heard} of {view.Known} sentinels answer, and most of them have never named one master");

    private static string OfNode(MemberSnapshot member)
    {
        string role = member.Role switch
        {
            MemberRole.Primary => ", master",
            MemberRole.Replica => ", replica",
            _ => "",
        };
        string epoch = member.Epoch is { } told ? string.Create(CultureInfo.InvariantCulture, $", epoch {told.Number}") : "";
        string lag = member.Lag is { } behind ? string.Create(CultureInfo.InvariantCulture, $", {behind.TotalSeconds:0.#} s behind") : "";
        string evidence = member.Evidence is { } why ? $" ({why})" : "";
        return $"{member.Member.Name}: {member.Verdict.ToString().ToLowerInvariant()}{role}{epoch}{lag}{evidence}";
    }
}
