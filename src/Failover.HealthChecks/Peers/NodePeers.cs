using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Failover.HealthChecks.Peers;

namespace Failover.HealthChecks;

/// <summary>The other nodes of the app: what was heard of them, and what they are told of this one. Registered by <c>AddFailover().AddPeers()</c>. Safe for any thread.</summary>
public sealed class NodePeers
{
    private readonly PeerBoard _board;
    private readonly PeerGate _gate;
    private readonly NodeHealth _health;
    private readonly FailoverGroups _groups;
    private readonly LastGoodSection<PeerOptions> _options;
    private readonly RevisionFile _revision;
    private readonly OwnClaims _claims;
    private readonly TimeProvider _time;

    internal NodePeers(PeerBoard board, PeerGate gate, NodeHealth health, FailoverGroups groups, LastGoodSection<PeerOptions> options, RevisionFile revision, OwnClaims claims, TimeProvider time) =>
        (_board, _gate, _health, _groups, _options, _revision, _claims, _time) = (board, gate, health, groups, options, revision, claims, time);

    /// <summary>Gets the peers, in the order of their addresses, each as it was last heard. Reading it allocates nothing and waits for nobody.</summary>
    public ImmutableArray<PeerSnapshot> Snapshot => _board.Peers;

    /// <summary>Gets the name of the header that signs requests and answers.</summary>
    [Experimental("FAILOVER001")]
    public static string Header => PeerSignature.Header;

    /// <summary>Answers a request, if it is signed by a peer and was not seen before.</summary>
    /// <param name="header">The value of <see cref="Header"/>; null if it is not there, or there several times.</param>
    /// <param name="method">The method of the request.</param>
    /// <param name="path">Its whole path as it was asked for, without a query.</param>
    [Experimental("FAILOVER001")]
    public PeerReply Answer(string? header, string method, string path)
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(path);
        if (_gate.Refuses(header, method, path, out PeerRequest? request) is { } refusal)
        {
            return new(default, "", refusal);
        }

        byte[] body = PeerJson.Write(Message());
        return new(body, PeerSignature.Answer(_options.Current.Key!, request!.Nonce, body), null);
    }

    private PeerMessage Message()
    {
        HealthSnapshot snapshot = _health.Snapshot;
        DateTimeOffset utc = _time.GetUtcNow();
        return new()
        {
            Node = _options.Current.Node!,
            Clock = utc.ToUnixTimeMilliseconds(),
            Revision = _revision.Text,
            Operational = snapshot.Verdicts.Operational,
            CanServe = snapshot.Verdicts.CanServe,
            Alive = snapshot.Verdicts.Alive,
            Groups = [.. _groups.Select(static group => group.Snapshot).Select(static group => new PeerGroup(group.Group, group.Condition.ToString(), group.Active?.Name))],
            Checks = [.. snapshot.Checks.Select(check => new PeerCheck(check.Name, check.StatusName, Age(check, utc)))],
            Claims = _claims.Read(),
        };
    }

    /// <summary>The longer of what both clocks say: a machine that slept does not see it by the monotonic one. Rounded up, for it must not seem younger than it is.</summary>
    private long? Age(CheckSnapshot check, DateTimeOffset utc) => check.PassedAt is { } passed
        ? (long)Math.Ceiling(Math.Max(0, Math.Max(-_health.Until(passed.Elapsed).TotalMilliseconds, (utc - passed.Utc).TotalMilliseconds)))
        : null;
}
