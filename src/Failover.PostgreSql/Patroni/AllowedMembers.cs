using System.Collections.Immutable;

namespace Failover.PostgreSql.Patroni;

/// <summary>Which nodes may be given credentials that nobody has named in the connection string. Pure.</summary>
internal sealed class AllowedMembers
{
    private readonly ImmutableArray<MemberPattern> _patterns;
    private readonly bool _allowsAll;

    private AllowedMembers(ImmutableArray<MemberPattern> patterns, bool allowsAll) => (_patterns, _allowsAll) = (patterns, allowsAll);

    /// <summary>Makes the rule.</summary>
    /// <param name="patterns">What is allowed; if empty, what follows from the configured nodes.</param>
    /// <param name="configured">The nodes of the connection string: they are allowed in any case.</param>
    /// <param name="verifiesFully">Whether each node must show a certificate for the very name that is connected to: then any may be found, unless patterns say less.</param>
    /// <exception cref="FormatException">A pattern cannot be read.</exception>
    internal static AllowedMembers Of(IEnumerable<string> patterns, IEnumerable<FailoverMember> configured, bool verifiesFully)
    {
        ImmutableArray<MemberPattern> given = [.. patterns.Select(static text => MemberPattern.TryRead(text, out MemberPattern? pattern, out string? whyNot) ? pattern! : throw new FormatException($"'{text}' {whyNot}"))];
        FailoverMember[] nodes = [.. configured];
        IEnumerable<MemberPattern> own = nodes.Select(static node => MemberPattern.Exactly(node.Address.IdnHost, node.Address.Port));
        if (given.IsEmpty)
        {
            own = own.Concat(
                from node in nodes
                from port in nodes.Select(static other => other.Address.Port).Distinct()
                let around = MemberPattern.Around(node.Address.IdnHost, port)
                where around is not null
                select around);
        }

        return new AllowedMembers([.. own, .. given], verifiesFully && given.IsEmpty);
    }

    /// <summary>Whether a node may be found. What is no host never may.</summary>
    internal bool Allows(string host, int port) =>
        port is > 0 and <= 65_535
        && MemberPattern.Clean(host) is { } clean
        && (_allowsAll || _patterns.Any(pattern => pattern.Matches(clean, port)));
}
