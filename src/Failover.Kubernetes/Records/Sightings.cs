using System.Collections.Concurrent;
using k8s.Models;

namespace Failover.Kubernetes.Records;

/// <summary>
/// What this process saw last of each record, and since when. The age of a record is judged by this alone: times that others have written are of other clocks. A record first seen now is new, whatever it says. Holds one entry a resource.
/// </summary>
internal sealed class Sightings(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Sighting> _byName = new(StringComparer.Ordinal);

    /// <summary>
    /// Notes what was read. Any change of the object makes it new, also one of a label: that delays a takeover, and nothing can hide a renewal. Where two reads pass each other the age is that of the later note: never too old.
    /// </summary>
    internal Sighting See(string name, V1Lease lease)
    {
        Sighting now = new(lease, time.GetTimestamp());
        return _byName.AddOrUpdate(name, static (_, seen) => seen, static (_, old, seen) => old.Uid == seen.Uid && old.Version == seen.Version ? old : seen, now);
    }

    internal Sighting? Last(string name) => _byName.GetValueOrDefault(name);
}
