using k8s.Models;

namespace Failover.Kubernetes.Records;

/// <summary>
/// What is written into a Lease object. An update carries the object's <c>resourceVersion</c>, so that it fails if anybody was faster, and its <c>uid</c>: without it the API server would make an object anew that somebody has deleted.
/// </summary>
internal static class LeaseRecord
{
    /// <summary>The resource by its own name, for who reads a name with a hash.</summary>
    internal const string ResourceAnnotation = "failover.resource";

    /// <summary>Who held the lease and has not given it back, as long as that is not settled.</summary>
    internal const string KeptAnnotation = "failover.unreleased";

    private const string ApiVersion = "coordination.k8s.io/v1";
    private const string Kind = "Lease";
    private const int TicksPerMicrosecond = (int)TimeSpan.TicksPerMicrosecond;

    /// <summary>A duration as Kubernetes has it: whole seconds, rounded up.</summary>
    internal static int Seconds(TimeSpan duration) => (int)Math.Clamp(Math.Ceiling(duration.TotalSeconds), 1, int.MaxValue);

    internal static string? KeptIn(V1Lease lease) => lease.Metadata.Annotations is { } all && all.TryGetValue(KeptAnnotation, out string? kept) && kept.Length > 0 ? kept : null;

    /// <summary>
    /// An object that is new. Before it there may have been another, under which somebody acts on: for as long as a lease of it could last, nobody holds the new one. What was seen of the former object is kept.
    /// </summary>
    internal static V1Lease New(string name, string space, LeaseRequest request, Sighting? former, DateTimeOffset now)
    {
        V1Lease lease = new() { ApiVersion = ApiVersion, Kind = Kind, Metadata = new() { Name = name, NamespaceProperty = space }, Spec = Unheld(request, former, 0, now) };
        lease.Metadata.Annotations = Annotations(lease, request, former?.Kept);
        return lease;
    }

    /// <summary>The same for an object that somebody else has made, and that bears no trace of a holder.</summary>
    internal static V1Lease Untouched(Sighting seen, LeaseRequest request, Sighting? former, DateTimeOffset now) => Update(seen.Lease, Unheld(request, former, seen.Lease.Spec?.LeaseTransitions ?? 0, now), Annotations(seen.Lease, request, former?.Kept));

    internal static V1Lease Taken(Sighting seen, LeaseRequest request, DateTimeOffset now)
    {
        if (seen.Token == int.MaxValue)
        {
            throw new LeaseStoreException("the token cannot grow any more, as leaseTransitions is at its end: delete the Lease object, and a new lineage begins");
        }

        DateTime at = Microseconds(now, seen.Lease.Spec?.RenewTime);
        V1LeaseSpec spec = new() { HolderIdentity = HolderIdentity.Of(request), LeaseDurationSeconds = Seconds(request.Duration), LeaseTransitions = (int)seen.Token + 1, AcquireTime = at, RenewTime = at };
        return Update(seen.Lease, spec, Annotations(seen.Lease, request, request.Settles ? request.Holder : seen.Kept ?? request.Holder));
    }

    internal static V1Lease Renewed(Sighting seen, LeaseRequest request, DateTimeOffset now)
    {
        V1LeaseSpec old = seen.Lease.Spec;
        V1LeaseSpec spec = new() { HolderIdentity = old.HolderIdentity, LeaseDurationSeconds = Seconds(request.Duration), LeaseTransitions = old.LeaseTransitions, AcquireTime = old.AcquireTime, RenewTime = Microseconds(now, old.RenewTime) };
        return Update(seen.Lease, spec, Annotations(seen.Lease, request, request.Settles ? request.Holder : seen.Kept));
    }

    internal static V1Lease Released(Sighting seen, LeaseRequest request, DateTimeOffset now)
    {
        V1LeaseSpec old = seen.Lease.Spec;
        DateTime at = Microseconds(now, old.RenewTime);
        V1LeaseSpec spec = new() { HolderIdentity = "", LeaseDurationSeconds = 1, LeaseTransitions = old.LeaseTransitions, AcquireTime = at, RenewTime = at };
        return Update(seen.Lease, spec, Annotations(seen.Lease, request, request.Settles || seen.Kept == request.Holder ? null : seen.Kept));
    }

    private static V1LeaseSpec Unheld(LeaseRequest request, Sighting? former, int transitions, DateTimeOffset now)
    {
        DateTime at = Microseconds(now, null);
        int seconds = Math.Max(Seconds(request.Duration), former?.Lease.Spec?.LeaseDurationSeconds ?? 0);
        return new() { HolderIdentity = HolderIdentity.Nobody, LeaseDurationSeconds = seconds, LeaseTransitions = transitions, AcquireTime = at, RenewTime = at };
    }

    private static V1Lease Update(V1Lease old, V1LeaseSpec spec, Dictionary<string, string> annotations)
    {
        (spec.Strategy, spec.PreferredHolder) = (old.Spec?.Strategy, old.Spec?.PreferredHolder);
        V1ObjectMeta was = old.Metadata;
        return new()
        {
            ApiVersion = ApiVersion,
            Kind = Kind,
            Spec = spec,
            Metadata = new()
            {
                Name = was.Name,
                NamespaceProperty = was.NamespaceProperty,
                Uid = was.Uid,
                ResourceVersion = was.ResourceVersion,
                CreationTimestamp = was.CreationTimestamp,
                Labels = was.Labels,
                Annotations = annotations,
                Finalizers = was.Finalizers,
                OwnerReferences = was.OwnerReferences,
            },
        };
    }

    private static Dictionary<string, string> Annotations(V1Lease lease, LeaseRequest request, string? kept)
    {
        Dictionary<string, string> all = new(lease.Metadata.Annotations ?? new Dictionary<string, string>(), StringComparer.Ordinal) { [ResourceAnnotation] = request.Resource };
        all.Remove(KeptAnnotation);
        if (kept is not null)
        {
            all[KeptAnnotation] = kept;
        }

        return all;
    }

    /// <summary>
    /// The time as Kubernetes takes it, with microseconds: the client leaves them out where there are none, and the API server then refuses the time. And never the one that is there: a write that changes nothing is none, and a renewal must be
    /// seen even if this host's clock stands still.
    /// </summary>
    internal static DateTime Microseconds(DateTimeOffset now, DateTime? previous)
    {
        long ticks = now.UtcTicks / TicksPerMicrosecond * TicksPerMicrosecond;
        while (ticks % TimeSpan.TicksPerSecond == 0 || ticks == previous?.ToUniversalTime().Ticks)
        {
            ticks += TicksPerMicrosecond;
        }

        return new(ticks, DateTimeKind.Utc);
    }
}
