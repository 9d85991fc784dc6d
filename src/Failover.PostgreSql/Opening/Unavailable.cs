using System.Globalization;
using System.Text;

namespace Failover.PostgreSql.Opening;

/// <summary>Says what is known of every node, for who was refused.</summary>
internal static class Unavailable
{
    internal static PrimaryUnavailableException Because(GroupSnapshot snapshot, TimeSpan? waited, Exception? last)
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"{snapshot.Group} has no primary");
        if (waited is { } time)
        {
            text.Append(CultureInfo.InvariantCulture, $", after waiting {time.TotalSeconds:0.#} s");
        }

        text.Append(CultureInfo.InvariantCulture, $" ({snapshot.Condition}");
        if (snapshot.Reason is { } reason)
        {
            text.Append(CultureInfo.InvariantCulture, $": {reason}");
        }

        text.Append("). ");
        text.AppendJoin("; ", snapshot.Members.Select(Say));
        text.Append('.');
        return new PrimaryUnavailableException(text.ToString(), last);
    }

    private static string Say(MemberSnapshot member)
    {
        string role = member.Role == MemberRole.Unknown ? "" : $", {member.Role.ToString().ToLowerInvariant()}";
        string epoch = member.Epoch is { } told ? string.Create(CultureInfo.InvariantCulture, $", timeline {told.Number}") : "";
        string lag = member.Lag is { } behind ? string.Create(CultureInfo.InvariantCulture, $", {behind.TotalSeconds:0.#} s behind") : "";
        string evidence = member.Evidence is { } why ? $" ({why})" : "";
        return $"{member.Member.Name}: {member.Verdict.ToString().ToLowerInvariant()}{role}{epoch}{lag}{evidence}";
    }
}
