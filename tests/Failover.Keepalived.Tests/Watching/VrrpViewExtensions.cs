using Failover.Keepalived.Watching;

namespace Failover.Keepalived.Tests.Watching;

internal static class VrrpViewExtensions
{
    /// <summary>For messages: the members are internal, so that the record itself tells none.</summary>
    internal static string Told(this VrrpView view) =>
        $"{view.Standing} role {view.Role} attached {view.IsAttached} ({view.Attachments}) owns {view.OwnsAddress} priority {view.Priority} lines {view.Lines} fault {view.IsFault} peer {view.PeerRole}/{view.PeerCredit}/{view.PeerCanServe} problem {view.Problem}";
}
