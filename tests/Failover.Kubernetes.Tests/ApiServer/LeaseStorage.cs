using System.Globalization;
using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace Failover.Kubernetes.Tests.ApiServer;

/// <summary>
/// The Lease objects, as an API server keeps them: one version for all writes; an update with another version than the newest, or another <c>uid</c> than the object's, is refused; an update without a version as well; one that changes nothing is
/// none; and an update of what is not there makes it (Leases allow that), unless it carries a <c>uid</c>.
/// </summary>
/// <param name="time">Its clock.</param>
internal sealed class LeaseStorage(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Space, string Name), JsonObject> _objects = [];
    private readonly List<LeaseChange> _history = [];
    private readonly List<Channel<LeaseChange>> _watchers = [];
    private long _version = 1000;
    private long _forgotten;

    internal string Version
    {
        get
        {
            lock (_gate)
            {
                return Text(_version);
            }
        }
    }

    internal JsonObject Get(string space, string name)
    {
        lock (_gate)
        {
            return Copy(_objects.GetValueOrDefault((space, name)) ?? throw StatusException.NotFound(name));
        }
    }

    internal JsonObject[] List(string space)
    {
        lock (_gate)
        {
            return [.. _objects.Where(pair => pair.Key.Space == space).OrderBy(pair => pair.Key.Name, StringComparer.Ordinal).Select(pair => Copy(pair.Value))];
        }
    }

    internal JsonObject Create(string space, JsonObject lease)
    {
        JsonObject meta = Meta(lease);
        string name = (string?)meta["name"] ?? "";
        if ((string?)meta["resourceVersion"] is { Length: > 0 })
        {
            throw new StatusException(500, "", "resourceVersion should not be set on objects to be created");
        }

        lock (_gate)
        {
            if (_objects.ContainsKey((space, name)))
            {
                throw new StatusException(409, "AlreadyExists", $"leases.coordination.k8s.io \"{name}\" already exists");
            }

            meta["namespace"] = space;
            meta["uid"] = Guid.NewGuid().ToString();
            meta["creationTimestamp"] = time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
            LeaseSchema.Validate(lease);
            return Store("ADDED", space, name, lease);
        }
    }

    /// <summary>Returns the object as it is now, and whether it was made.</summary>
    internal (JsonObject Lease, bool Created) Update(string space, string name, Func<JsonObject?, JsonObject> change)
    {
        lock (_gate)
        {
            JsonObject? old = _objects.GetValueOrDefault((space, name));
            JsonObject lease = change(old is null ? null : Copy(old));
            JsonObject meta = Meta(lease);
            if ((string?)meta["uid"] is { Length: > 0 } uid && uid != (string?)old?["metadata"]!["uid"])
            {
                throw StatusException.Conflict(name, $"Precondition failed: UID in precondition: {uid}, UID in object meta: {old?["metadata"]!["uid"]}");
            }

            if (old is null)
            {
                meta.Remove("resourceVersion");
                return (Create(space, lease), true);
            }

            if ((string?)meta["resourceVersion"] is not { Length: > 0 } version)
            {
                throw StatusException.Invalid(name, "metadata.resourceVersion: Invalid value: 0x0: must be specified for an update");
            }

            if (version != (string?)old["metadata"]!["resourceVersion"])
            {
                throw StatusException.Conflict(name, "the object has been modified; please apply your changes to the latest version and try again");
            }

            foreach (string fixedOnce in (string[])["namespace", "uid", "creationTimestamp"])
            {
                meta[fixedOnce] = old["metadata"]![fixedOnce]!.DeepClone();
            }

            LeaseSchema.Validate(lease);
            return (JsonNode.DeepEquals(old, lease) ? Copy(old) : Store("MODIFIED", space, name, lease), false);
        }
    }

    internal void Delete(string space, string name, string? uid)
    {
        lock (_gate)
        {
            JsonObject old = Get(space, name);
            if (uid is not null && uid != (string?)old["metadata"]!["uid"])
            {
                throw StatusException.Conflict(name, "Precondition failed: UID in precondition");
            }

            _objects.Remove((space, name));
            Meta(old)["resourceVersion"] = Text(++_version);
            Tell(new("DELETED", space, name, _version, old));
        }
    }

    /// <summary>Forgets what happened until now, as etcd's compaction does.</summary>
    internal void Compact()
    {
        lock (_gate)
        {
            _history.Clear();
            _forgotten = _version;
        }
    }

    /// <summary>All changes after a version, from now on; without one, first all that is there.</summary>
    internal ChannelReader<LeaseChange> Watch(string space, long? since)
    {
        lock (_gate)
        {
            if (since < _forgotten)
            {
                throw new StatusException(410, "Expired", $"too old resource version: {since} ({_version})");
            }

            Channel<LeaseChange> feed = Channel.CreateUnbounded<LeaseChange>();
            foreach (LeaseChange change in since is null
                ? List(space).Select(lease => new LeaseChange("ADDED", space, (string)lease["metadata"]!["name"]!, _version, lease))
                : _history.Where(change => change.Version > since))
            {
                feed.Writer.TryWrite(change);
            }

            _watchers.Add(feed);
            return feed.Reader;
        }
    }

    private static JsonObject Meta(JsonObject lease) => lease["metadata"]!.AsObject();

    private static JsonObject Copy(JsonObject lease) => lease.DeepClone().AsObject();

    private static string Text(long version) => version.ToString(CultureInfo.InvariantCulture);

    private JsonObject Store(string type, string space, string name, JsonObject lease)
    {
        Meta(lease)["resourceVersion"] = Text(++_version);
        _objects[(space, name)] = lease;
        Tell(new(type, space, name, _version, Copy(lease)));
        return Copy(lease);
    }

    private void Tell(LeaseChange change)
    {
        _history.Add(change);
        foreach (Channel<LeaseChange> watcher in _watchers)
        {
            watcher.Writer.TryWrite(change);
        }
    }
}

/// <summary>A change, as a watch tells it.</summary>
internal sealed record LeaseChange(string Type, string Space, string Name, long Version, JsonObject Lease);
