using Failover.Kubernetes.Api;
using Failover.Kubernetes.Records;
using Failover.Kubernetes.Registration;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Failover.Kubernetes;

/// <summary>
/// Keeps leases in Lease objects (<c>coordination.k8s.io/v1</c>) of a Kubernetes cluster, as its own components do: a record runs out when its duration has passed on the clock of who looks at it since it was last seen to change, whatever times
/// are written in it. So who has just started waits for the whole duration, unless the lease was given back. The lineage of a token is the <c>uid</c> of the object, its number <c>leaseTransitions</c>. Safe for any thread.
/// </summary>
/// <remarks>The pod's service account needs the rights <c>get</c>, <c>create</c>, <c>update</c> and <c>watch</c> on <c>leases</c> in the namespace; without <c>watch</c> a lease that was given back is found at the next ask.</remarks>
public sealed class KubernetesLeaseStore : ILeaseStore, IDisposable
{
    /// <summary>Each failed try is one in which another has written. More than a few in a row is none of us.</summary>
    private const int MaxTries = 5;

    private static readonly TimeSpan MaxWait = TimeSpan.FromMinutes(1);

    private readonly k8s.Kubernetes _client;
    private readonly LeaseApi _api;
    private readonly string _namespace;
    private readonly string _prefix;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private int _notWatched;

    /// <summary>Initializes a store of the cluster that the pod runs in; elsewhere of the one that kubeconfig names (<c>KUBECONFIG</c>, or <c>~/.kube/config</c>).</summary>
    /// <param name="options">Where the objects are. Read once.</param>
    /// <exception cref="OptionsValidationException">A setting is not allowed; it names all that are not.</exception>
    /// <exception cref="k8s.Exceptions.KubeConfigException">kubeconfig is there, and cannot be used.</exception>
    public KubernetesLeaseStore(KubernetesLeaseOptions options)
        : this(options, KubernetesClientConfiguration.BuildDefaultConfig())
    {
    }

    /// <inheritdoc cref="KubernetesLeaseStore(KubernetesLeaseOptions, KubernetesClientConfiguration, TimeProvider, ILoggerFactory)"/>
    public KubernetesLeaseStore(KubernetesLeaseOptions options, KubernetesClientConfiguration configuration)
        : this(options, configuration, TimeProvider.System, NullLoggerFactory.Instance)
    {
    }

    /// <summary>Initializes a store.</summary>
    /// <param name="options">Where the objects are. Read once.</param>
    /// <param name="configuration">Which cluster, and as whom. A client is made of it whose answers and connections are bounded.</param>
    /// <param name="time">The clock by which the age of records is judged.</param>
    /// <param name="loggers">Where it logs, as category <c>Failover.Kubernetes.KubernetesLeaseStore</c>.</param>
    /// <exception cref="OptionsValidationException">A setting is not allowed; it names all that are not.</exception>
    /// <exception cref="k8s.Exceptions.KubeConfigException">The configuration cannot be used.</exception>
    public KubernetesLeaseStore(KubernetesLeaseOptions options, KubernetesClientConfiguration configuration, TimeProvider time, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(loggers);
        IReadOnlyList<string> problems = KubernetesLeaseKeys.Problems(options, nameof(KubernetesLeaseOptions));
        if (problems.Count > 0)
        {
            throw new OptionsValidationException(nameof(KubernetesLeaseOptions), typeof(KubernetesLeaseOptions), problems);
        }

        _namespace = options.Namespace ?? (configuration.Namespace?.Trim() is { Length: > 0 } own ? own : "default");
        (_prefix, _time, _logger) = (options.NamePrefix, time, loggers.CreateLogger<KubernetesLeaseStore>());
        _client = ClientFactory.Create(configuration);
        _api = new(_client.CoordinationV1, _namespace, time);
        Sightings = new(time);
    }

    /// <summary>Gets what was seen so far.</summary>
    internal Sightings Sightings { get; }

    /// <inheritdoc/>
    /// <exception cref="LeaseStoreException">Nothing is known of the lease, and why.</exception>
    public async ValueTask<LeaseAnswer> TakeAsync(LeaseRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        string name = LeaseName.Of(_prefix, request.Resource);
        string identity = HolderIdentity.Of(request);
        string? kept = null;
        for (int tries = 0; tries < MaxTries; tries++)
        {
            Sighting? former = Sightings.Last(name);
            Sighting? seen = await SeeAsync(name, cancellationToken).ConfigureAwait(false);
            if (seen is not { HasTrace: true })
            {
                if (await BeginAsync(name, request, seen, former, cancellationToken).ConfigureAwait(false) is { } begun)
                {
                    return LeaseAnswer.Held(null, begun.Left(request, _time));
                }

                continue;
            }

            if (seen.Identity == identity)
            {
                // By a try whose answer did not come through, on a connection that was then replaced.
                return Granted(seen, request, kept);
            }

            if (seen.Identity is { } other && seen.Left(request, _time) is var left && left > TimeSpan.Zero)
            {
                return LeaseAnswer.Held(HolderIdentity.NameOf(other), left);
            }

            kept = seen.Kept;
            if (await WriteAsync(name, LeaseRecord.Taken(seen, request, _time.GetUtcNow()), cancellationToken).ConfigureAwait(false) is { } taken)
            {
                return Granted(taken, request, kept);
            }
        }

        throw Contended();
    }

    /// <inheritdoc/>
    /// <exception cref="LeaseStoreException">It is not known whether the lease was renewed, and why.</exception>
    public async ValueTask<LeaseGrant?> RenewAsync(LeaseRequest request, LeaseGrant grant, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(grant);
        string name = LeaseName.Of(_prefix, request.Resource);
        for (int tries = 0; tries < MaxTries; tries++)
        {
            if (await OwnAsync(name, request, tries, cancellationToken).ConfigureAwait(false) is not { } own || own.Left(request, _time) <= TimeSpan.Zero || new Epoch(own.Uid, own.Token) != grant.Epoch)
            {
                return null;
            }

            if (await WriteAsync(name, LeaseRecord.Renewed(own, request, _time.GetUtcNow()), cancellationToken).ConfigureAwait(false) is { } renewed)
            {
                return Granted(renewed, request, null).Grant;
            }
        }

        throw Contended();
    }

    /// <inheritdoc/>
    /// <exception cref="LeaseStoreException">It is not known whether the lease was given back, and why.</exception>
    public async ValueTask ReleaseAsync(LeaseRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        string name = LeaseName.Of(_prefix, request.Resource);
        for (int tries = 0; tries < MaxTries; tries++)
        {
            if (await OwnAsync(name, request, tries, cancellationToken).ConfigureAwait(false) is not { } own || await WriteAsync(name, LeaseRecord.Released(own, request, _time.GetUtcNow()), cancellationToken).ConfigureAwait(false) is not null)
            {
                return;
            }
        }

        throw Contended();
    }

    /// <inheritdoc/>
    /// <remarks>It watches the object, for a minute at most. What it sees of renewals meanwhile counts for when the lease runs out.</remarks>
    /// <exception cref="LeaseStoreException">The lease cannot be watched, and why.</exception>
    public async ValueTask WaitForChangeAsync(string resource, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(resource);
        string name = LeaseName.Of(_prefix, resource);
        using CancellationTokenSource limit = new(MaxWait, _time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            Sighting? seen = Sightings.Last(name) ?? await SeeAsync(name, either.Token).ConfigureAwait(false);
            try
            {
                await WatchAsync(name, seen, either.Token).ConfigureAwait(false);
            }
            catch (VersionGoneException)
            {
                // Once: a server that forgets at once cannot be watched.
                await WatchAsync(name, await SeeAsync(name, either.Token).ConfigureAwait(false), either.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Long enough.
        }
        catch (Exception exception) when (exception is LeaseStoreException or VersionGoneException)
        {
            if (Interlocked.Exchange(ref _notWatched, 1) == 0)
            {
                Log.NotWatched(_logger, resource, exception.Message);
            }

            throw exception as LeaseStoreException ?? new LeaseStoreException(exception.Message);
        }
    }

    /// <summary>Closes the connections. What is held runs out.</summary>
    public void Dispose() => _client.Dispose();

    private static LeaseStoreException Contended() => new($"others have changed the lease {MaxTries} times in a row while it was being written");

    private static LeaseAnswer Granted(Sighting seen, LeaseRequest request, string? kept) =>
        LeaseAnswer.Granted(new(new(seen.Uid, seen.Token), TimeSpan.FromSeconds(LeaseRecord.Seconds(request.Duration))) { Unreleased = kept });

    private async Task WatchAsync(string name, Sighting? seen, CancellationToken cancellationToken)
    {
        if (seen?.Identity is null)
        {
            return;
        }

        await foreach (V1Lease? lease in _api.WatchAsync(name, seen.Version, MaxWait, cancellationToken).ConfigureAwait(false))
        {
            Volatile.Write(ref _notWatched, 0);
            if (lease is null || Sightings.See(name, lease).Identity is null)
            {
                return;
            }
        }

        throw new LeaseStoreException("the API server has ended the watch");
    }

    /// <summary>Writes that the record is new, and held by nobody until it runs out. Returns null if another was faster.</summary>
    private async Task<Sighting?> BeginAsync(string name, LeaseRequest request, Sighting? untouched, Sighting? former, CancellationToken cancellationToken)
    {
        Sighting? begun = untouched is null
            ? await _api.CreateAsync(LeaseRecord.New(name, _namespace, request, former, _time.GetUtcNow()), cancellationToken).ConfigureAwait(false) is { } created ? Sightings.See(name, created) : null
            : await WriteAsync(name, LeaseRecord.Untouched(untouched, request, former, _time.GetUtcNow()), cancellationToken).ConfigureAwait(false);
        if (begun is not null)
        {
            Log.Begun(_logger, request.Resource, name, _namespace, begun.Lease.Spec.LeaseDurationSeconds ?? 0);
        }

        return begun;
    }

    /// <summary>The record if this request holds it. Where nothing has changed since it was written, it need not be read: an update tells.</summary>
    private async Task<Sighting?> OwnAsync(string name, LeaseRequest request, int tries, CancellationToken cancellationToken)
    {
        string identity = HolderIdentity.Of(request);
        Sighting? seen = tries == 0 && Sightings.Last(name) is { } last && last.Identity == identity ? last : await SeeAsync(name, cancellationToken).ConfigureAwait(false);
        return seen?.Identity == identity ? seen : null;
    }

    private async Task<Sighting?> SeeAsync(string name, CancellationToken cancellationToken) =>
        await _api.GetAsync(name, cancellationToken).ConfigureAwait(false) is { } lease ? Sightings.See(name, lease) : null;

    private async Task<Sighting?> WriteAsync(string name, V1Lease lease, CancellationToken cancellationToken) =>
        await _api.UpdateAsync(lease, cancellationToken).ConfigureAwait(false) is { } written ? Sightings.See(name, written) : null;
}
