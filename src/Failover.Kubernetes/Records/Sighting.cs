using k8s.Models;

namespace Failover.Kubernetes.Records;

/// <summary>A record as it was read, and since when this process knows it to be so, on its own clock.</summary>
internal sealed record Sighting(V1Lease Lease, long Since)
{
    internal string Uid => Lease.Metadata.Uid;

    internal string Version => Lease.Metadata.ResourceVersion;

    /// <summary>Gets who holds it; null if it was given back, or never taken.</summary>
    internal string? Identity => Lease.Spec?.HolderIdentity is { Length: > 0 } identity ? identity : null;

    internal long Token => Lease.Spec?.LeaseTransitions ?? 0;

    /// <summary>Gets whether the record shows that somebody has ever held it. One without a trace may be a new one in place of another under which somebody still acts.</summary>
    internal bool HasTrace => Identity is not null || Lease.Spec?.RenewTime is not null || Lease.Spec?.AcquireTime is not null;

    /// <summary>Gets who must be fenced if the lease was not given back: what is written, or the holder itself where another elector has written the record.</summary>
    internal string? Kept => LeaseRecord.KeptIn(Lease) ?? HolderIdentity.NameOf(Identity);

    /// <summary>In how long it runs out, if nobody changes it.</summary>
    internal TimeSpan Left(LeaseRequest request, TimeProvider time) =>
        TimeSpan.FromSeconds(Lease.Spec?.LeaseDurationSeconds is > 0 and { } seconds ? seconds : LeaseRecord.Seconds(request.Duration)) - time.GetElapsedTime(Since);
}
