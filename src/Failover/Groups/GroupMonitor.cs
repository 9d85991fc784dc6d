using Microsoft.Extensions.Primitives;

namespace Failover.Groups;

internal sealed class GroupMonitor(GroupParts parts, GroupOptions options, List<FailoverMember> members)
{
    private readonly GroupOptions _o = options;
    private readonly List<FailoverMember> _m = members;
    private volatile GroupSnapshot? _snapshot;

    internal string Name => parts.Name;

    internal string Kind => parts.Kind;

    internal GroupSnapshot? Snapshot => _snapshot;

    internal GroupSnapshot FirstSnapshot() => throw new NotImplementedException(_m.Count + _o.ToString() + (_snapshot = null));

    internal void Start() => FirstSnapshot();

    internal Task<FailoverMember> WaitForActiveAsync(CancellationToken cancellationToken) { _ = _m; cancellationToken.ThrowIfCancellationRequested(); throw new NotImplementedException(); }

    internal IAsyncEnumerable<Switchover> ReadSwitchoversAsync(CancellationToken cancellationToken) { _ = _m; cancellationToken.ThrowIfCancellationRequested(); throw new NotImplementedException(); }

    internal IChangeToken GetChangeToken() { _ = _m; throw new NotImplementedException(); }

    internal Task<Switchover> SwitchToAsync(FailoverMember member, CancellationToken cancellationToken) { _ = _m; cancellationToken.ThrowIfCancellationRequested(); throw new NotImplementedException(member.Name); }

    internal FailoverMember Find(string nameOrAddress) { _ = _m; throw new NotImplementedException(nameOrAddress); }

    internal void Pin(bool pinned) { _ = _m; throw new NotImplementedException(pinned.ToString()); }

    internal void Drain(FailoverMember member, TimeSpan? duration) { _ = _m; throw new NotImplementedException(member.Name + duration); }

    internal void SetMembers(List<FailoverMember> members) { _ = _m; throw new NotImplementedException(members.ToString()); }

    internal void AddMember(FailoverMember member) { _ = _m; throw new NotImplementedException(member.Name); }

    internal void RemoveMember(FailoverMember member) { _ = _m; throw new NotImplementedException(member.Name); }

    internal void TrustLineage(string lineage) { _ = _m; throw new NotImplementedException(lineage); }

    internal void Hint(Hint hint) { _ = _m; throw new NotImplementedException(hint.Source); }

    internal void Reconfigure(GroupOptions options) { _ = _m; throw new NotImplementedException(options.ToString()); }

    internal void ReportConfigurationError(string? error) { _ = _m; throw new NotImplementedException(error); }

    internal ValueTask DisposeAsync() { _ = _m; throw new NotImplementedException(); }
}
