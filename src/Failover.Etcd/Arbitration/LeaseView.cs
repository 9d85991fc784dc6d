using System.Text;

namespace Failover.Etcd.Arbitration;

/// <summary>All that etcd holds about the lease of a resource, at one revision.</summary>
/// <param name="Cluster">The cluster's id.</param>
/// <param name="Revision">The revision.</param>
/// <param name="LineageKey">The key of the lineage.</param>
/// <param name="Quarantine">The key that is there while nobody is granted anything.</param>
/// <param name="Held">The key of the lease.</param>
/// <param name="Last">The key of who holds it, or held it and did not give it back: the one that must be cared for.</param>
internal sealed record LeaseView(ulong Cluster, long Revision, StoredKey LineageKey, StoredKey Quarantine, StoredKey Held, StoredKey Last)
{
    private const int MaxLineage = 64;

    /// <summary>Gets what tokens belong to: the cluster, and its data. Null if there is none yet.</summary>
    /// <exception cref="LeaseStoreException">Its key holds what nobody of ours has written.</exception>
    internal string? Lineage =>
        !LineageKey.IsThere ? null
        : LineageKey.Value is { Length: > 0 and <= MaxLineage } id && id.All(static digit => char.IsAsciiHexDigitLower((char)digit)) ? $"etcd-{Cluster:x}-{Encoding.ASCII.GetString(id)}"
        : throw new LeaseStoreException("etcd: the key of the lineage holds something else; delete it, and it is made anew");

    internal static EtcdTxn Ask(LeaseNames names, string resource) => EtcdTxn.Read(names.Lineage, names.Quarantine, names.Held(resource), names.Last(resource));

    internal static LeaseView Of(TxnAnswer answer) => new(answer.Cluster, answer.Revision, answer.Read[0], answer.Read[1], answer.Read[2], answer.Read[3]);
}
