using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Failover.Members;

namespace Failover;

/// <summary>
/// Which found members may be given credentials: those that somebody else names, not the settings. A pattern is a host, all below a domain (<c>*.db.example.com</c>) or a subnet (<c>10.1.2.0/24</c>), each with or without <c>:port</c>.
/// Immutable, safe to share between threads.
/// </summary>
[Experimental("FAILOVER001")]
public sealed class AllowedMembers
{
    private readonly ImmutableArray<MemberPattern> _patterns;
    private readonly bool _allowsAll;

    private AllowedMembers(ImmutableArray<MemberPattern> patterns, bool allowsAll) => (_patterns, _allowsAll) = (patterns, allowsAll);

    /// <summary>Makes the rule.</summary>
    /// <param name="patterns">What is allowed; if empty, what follows from the configured members: their own domains, and their own subnets if those are private.</param>
    /// <param name="configured">The members that the settings name: they are allowed in any case.</param>
    /// <param name="onAnyPort">Whether what follows from the configured members goes for every port, as where those are not what is found; or for theirs alone.</param>
    /// <param name="verifiesFully">Whether each member must show a certificate for the very name that is connected to: then any may be found, unless patterns say less.</param>
    /// <exception cref="FormatException">A pattern cannot be read: <see cref="WhyNot"/>.</exception>
    public static AllowedMembers Of(IEnumerable<string> patterns, IEnumerable<FailoverMember> configured, bool onAnyPort, bool verifiesFully)
    {
        ArgumentNullException.ThrowIfNull(patterns);
        ArgumentNullException.ThrowIfNull(configured);
        ImmutableArray<MemberPattern> given = [.. patterns.Select(static text => MemberPattern.TryRead(text, out MemberPattern? pattern, out string? whyNot) ? pattern! : throw new FormatException($"'{text}' {whyNot}"))];
        FailoverMember[] members = [.. configured];
        int?[] ports = onAnyPort ? [null] : [.. members.Select(static member => (int?)member.Address.Port).Distinct()];
        IEnumerable<MemberPattern> own = members.Select(member => MemberPattern.Exactly(member.Address.IdnHost, onAnyPort ? null : member.Address.Port));
        if (given.IsEmpty)
        {
            own = own.Concat(
                from member in members
                from port in ports
                let around = MemberPattern.Around(member.Address.IdnHost, port)
                where around is not null
                select around);
        }

        return new AllowedMembers([.. own, .. given], verifiesFully && given.IsEmpty);
    }

    /// <summary>Returns whether a member may be found. What is no host never may.</summary>
    /// <param name="host">The host, as somebody has named it.</param>
    /// <param name="port">Its port; never from outside 1 to 65535.</param>
    public bool Allows(string? host, int port) =>
        port is > 0 and <= 65_535
        && MemberPattern.Clean(host) is { } clean
        && (_allowsAll || _patterns.Any(pattern => pattern.Matches(clean, port)));

    /// <summary>Returns what is wrong with a pattern, to be read after it: <c>must …</c>; null if nothing is.</summary>
    public static string? WhyNot(string? pattern) => MemberPattern.TryRead(pattern, out _, out string? whyNot) ? null : whyNot;

    /// <summary>Returns a host in the one way that it can be compared in: small letters, without a dot at the end or brackets, an IPv4 address as one. Null if it is none, or is an address that is not the same on another machine.</summary>
    public static string? CleanHost(string? host) => MemberPattern.Clean(host);
}
