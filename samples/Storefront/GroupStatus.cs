using Failover;

namespace Storefront;

/// <summary>How the group stands, for people and scripts. One read of the snapshot: it costs no call to any member.</summary>
internal sealed record GroupStatus(string Condition, string? Active, IReadOnlyList<MemberStatus> Members, LastSwitchover? LastSwitchover)
{
    internal static GroupStatus Of(GroupSnapshot snapshot) => new(
        snapshot.Condition.ToString(),
        snapshot.Active?.Name,
        [.. snapshot.Members.Select(m => new MemberStatus(m.Member.Name, m.Member.Address, m.Verdict.ToString()))],
        snapshot.LastSwitchover is { } last ? new(last.Cause.ToString(), last.From?.Name, last.To.Name, last.Switched?.Utc, last.DetectionTime?.TotalMilliseconds, last.RecoveryTime?.TotalMilliseconds, last.Evidence) : null);
}

/// <summary>How a member stands.</summary>
internal sealed record MemberStatus(string Name, Uri Address, string Verdict);

/// <summary>The last change of the active member.</summary>
internal sealed record LastSwitchover(string Cause, string? From, string To, DateTimeOffset? At, double? DetectionMilliseconds, double? RecoveryMilliseconds, string? Evidence);
