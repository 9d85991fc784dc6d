using System.Collections.Immutable;

namespace Failover.Election;

/// <summary>How the proofs of the members stand.</summary>
internal enum ProofStanding
{
    /// <summary>No member that may be active proves to be primary.</summary>
    None,

    /// <summary>One does.</summary>
    One,

    /// <summary>Two do, and their epochs are equal or cannot be compared: they must not both be there at all.</summary>
    Split,

    /// <summary>Two do, and neither has an epoch: a planned change may look like this for a moment. Where one of the two is suspect, the other is named.</summary>
    Overlap,
}

/// <summary>What the role elector found.</summary>
/// <param name="Standing">How the proofs stand.</param>
/// <param name="Index">The primary, where there is one that is healthy; else -1.</param>
/// <param name="Excluded">How many members say that they are primary at an epoch that may not be active: stale, or of a lineage that is not trusted.</param>
/// <param name="Foreign">The lineage of an excluded proof that is not trusted, if there is just one such lineage.</param>
internal readonly record struct RoleChoice(ProofStanding Standing, int Index, int Excluded, string? Foreign);

/// <summary>
/// Finds the member that proves to be primary. Only a healthy member's own word counts, and only at an epoch not below the highest seen of the trusted lineage.
/// </summary>
internal static class RoleElector
{
    internal static RoleChoice Elect<T>(ImmutableArray<T> members, EpochBook book)
        where T : class, ICandidate
    {
        int winner = -1;
        ProofStanding standing = ProofStanding.None;
        int excluded = 0;
        string? foreign = null;
        bool severalForeign = false;
        for (int i = 0; i < members.Length; i++)
        {
            T member = members[i];
            if (member.Verdict != Verdict.Healthy || member.Role != MemberRole.Primary)
            {
                continue;
            }

            if (!MayBeActive(member.Epoch, book))
            {
                excluded++;
                if (member.Epoch is { } told && !string.Equals(told.Lineage, book.Trusted, StringComparison.Ordinal))
                {
                    severalForeign |= foreign is not null && !string.Equals(foreign, told.Lineage, StringComparison.Ordinal);
                    foreign = told.Lineage;
                }

                continue;
            }

            switch (winner < 0 ? ProofOrder.Above : Compare(member.Epoch, members[winner].Epoch))
            {
                case ProofOrder.Above:
                    winner = i;
                    standing = ProofStanding.One;
                    break;
                case ProofOrder.Equal:
                    standing = member.Epoch is null ? ProofStanding.Overlap : ProofStanding.Split;
                    break;
                case ProofOrder.Incomparable:
                    standing = ProofStanding.Split;
                    break;
                default:
                    break;
            }
        }

        int index = standing == ProofStanding.One ? winner : -1;
        if (index >= 0)
        {
            standing = Contested(members, index, book);
        }

        return new(standing, standing == ProofStanding.Split ? -1 : index, excluded, severalForeign ? null : foreign);
    }

    /// <summary>A suspect cannot win, but its last word stands until it is given up: one lost answer must not decide between two proofs.</summary>
    private static ProofStanding Contested<T>(ImmutableArray<T> members, int winner, EpochBook book)
        where T : class, ICandidate
    {
        foreach (T member in members)
        {
            if (member is not { Verdict: Verdict.Suspect, Role: MemberRole.Primary } || !MayBeActive(member.Epoch, book))
            {
                continue;
            }

            ProofOrder order = Compare(member.Epoch, members[winner].Epoch);
            if (order is ProofOrder.Equal or ProofOrder.Incomparable)
            {
                return member.Epoch is null ? ProofStanding.Overlap : ProofStanding.Split;
            }
        }

        return ProofStanding.One;
    }

    private static bool MayBeActive(Epoch? epoch, EpochBook book) => epoch is { } told ? book.Allows(told) : book.AllowsNone;

    private static ProofOrder Compare(Epoch? epoch, Epoch? other)
    {
        if (epoch is not { } mine)
        {
            return other is null ? ProofOrder.Equal : ProofOrder.Below;
        }

        if (other is not { } theirs)
        {
            return ProofOrder.Above;
        }

        return !string.Equals(mine.Lineage, theirs.Lineage, StringComparison.Ordinal) ? ProofOrder.Incomparable
            : mine.Number > theirs.Number ? ProofOrder.Above
            : mine.Number < theirs.Number ? ProofOrder.Below
            : ProofOrder.Equal;
    }

    private enum ProofOrder
    {
        Above,
        Below,
        Equal,
        Incomparable,
    }
}
