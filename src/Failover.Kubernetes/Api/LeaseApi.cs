using System.Net;
using System.Net.Http;
using System.Runtime.CompilerServices;
using k8s;
using k8s.Models;

namespace Failover.Kubernetes.Api;

/// <summary>The five asks to an API server. What is neither the answer nor a plain no is an exception with its evidence.</summary>
internal sealed class LeaseApi(ICoordinationV1Operations leases, string space, TimeProvider time)
{
    /// <summary>Longer than this no server is left alone: one that lies, or errs, must not end all leases for an hour.</summary>
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(10);

    // Fields that a server does not know are refused, and not dropped silently.
    private const string Strict = "Strict";

    private readonly Lock _gate = new();
    private long _pausedAt;
    private TimeSpan _pause;

    /// <summary>Reads the newest state; null if there is none. Without a <c>resourceVersion</c>: with one the API server may answer from its cache.</summary>
    internal async Task<V1Lease?> GetAsync(string name, CancellationToken cancellationToken) =>
        await AskAsync("get", name, token => leases.ReadNamespacedLeaseAsync(name, space, cancellationToken: token), cancellationToken).ConfigureAwait(false);

    /// <summary>Makes it; null if there is one already.</summary>
    internal async Task<V1Lease?> CreateAsync(V1Lease lease, CancellationToken cancellationToken) =>
        await AskAsync("create", lease.Metadata.Name, token => leases.CreateNamespacedLeaseAsync(lease, space, fieldValidation: Strict, cancellationToken: token), cancellationToken).ConfigureAwait(false);

    /// <summary>Writes it if it is still as it was read; null if it is not, or is gone.</summary>
    internal async Task<V1Lease?> UpdateAsync(V1Lease lease, CancellationToken cancellationToken)
    {
        string name = lease.Metadata.Name;
        V1Lease? written = await AskAsync("update", name, token => leases.ReplaceNamespacedLeaseAsync(lease, name, space, fieldValidation: Strict, cancellationToken: token), cancellationToken).ConfigureAwait(false);
        if (written is not null && (written.Metadata.Uid != lease.Metadata.Uid || written.Metadata.ResourceVersion == lease.Metadata.ResourceVersion || !IsSame(written.Spec, lease.Spec)))
        {
            // An admission webhook, or a proxy that answers for itself.
            throw new LeaseStoreException("what the API server has written is not what it was given");
        }

        return written;
    }

    /// <summary>Tells each change after a version; null for the deletion. Ends when the server ends it.</summary>
    /// <exception cref="VersionGoneException">The server has forgotten what happened since that version.</exception>
    internal async IAsyncEnumerable<V1Lease?> WatchAsync(string name, string version, TimeSpan limit, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        const string Verb = "watch";
        WaitIfAsked();
        Exception? told = null;
        await using IAsyncEnumerator<(WatchEventType Type, V1Lease Lease)> events = leases.WatchListNamespacedLeaseAsync(
            space,
            fieldSelector: $"metadata.name={name}",
            resourceVersion: version,
            timeoutSeconds: (int)limit.TotalSeconds,
            onError: failure => told ??= failure,
            cancellationToken: cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            bool next;
            try
            {
                next = await events.MoveNextAsync().ConfigureAwait(false);
            }
            catch (HttpRequestException exception) when (exception.InnerException is EndOfStreamException)
            {
                // Nothing happened before the server ended it.
                next = false;
            }
            catch (Exception exception) when (!IsOurs(exception, cancellationToken))
            {
                cancellationToken.ThrowIfCancellationRequested();
                (told, next) = (exception, false);
            }

            // What the server says of the watch itself, or garbage: the client would go on.
            if (told is not null)
            {
                throw ApiFault.StatusOf(told) == HttpStatusCode.Gone ? new VersionGoneException() : Failure(told, Verb);
            }

            if (!next)
            {
                yield break;
            }

            (WatchEventType type, V1Lease? lease) = events.Current;
            if (lease?.Metadata?.Name == name && type != WatchEventType.Bookmark)
            {
                yield return type == WatchEventType.Deleted ? null : Checked(lease, name, Verb);
            }
        }
    }

    private static bool IsOurs(Exception exception, CancellationToken cancellationToken) => exception is OperationCanceledException && cancellationToken.IsCancellationRequested;

    private static bool IsSame(V1LeaseSpec? written, V1LeaseSpec asked) =>
        written is not null && (written.HolderIdentity ?? "") == asked.HolderIdentity && written.LeaseTransitions == asked.LeaseTransitions && written.LeaseDurationSeconds == asked.LeaseDurationSeconds;

    private V1Lease Checked(V1Lease? lease, string name, string verb) =>
        lease?.Metadata is { Uid.Length: > 0, ResourceVersion.Length: > 0 } meta && meta.Name == name && meta.NamespaceProperty == space && lease.Spec?.LeaseTransitions is null or >= 0
            ? lease
            : throw new LeaseStoreException($"what the API server answered to {verb} is no lease");

    private async Task<V1Lease?> AskAsync(string verb, string name, Func<CancellationToken, Task<V1Lease>> ask, CancellationToken cancellationToken)
    {
        WaitIfAsked();
        V1Lease lease;
        try
        {
            lease = await ask(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (!IsOurs(exception, cancellationToken))
        {
            // Whatever it is then, nobody waits for it, and it bears what was sent.
            cancellationToken.ThrowIfCancellationRequested();
            bool isPlainNo = (verb, ApiFault.StatusOf(exception)) is ("get" or "update", HttpStatusCode.NotFound) or ("create" or "update", HttpStatusCode.Conflict);
            return isPlainNo ? null : throw Failure(exception, verb);
        }

        return Checked(lease, name, verb);
    }

    private LeaseStoreException Failure(Exception exception, string verb)
    {
        if (ApiFault.RetryAfter(exception) is { } pause)
        {
            lock (_gate)
            {
                (_pausedAt, _pause) = (time.GetTimestamp(), pause < MaxPause ? pause : MaxPause);
            }
        }

        // Without its cause: the client's exception bears the credentials that were sent.
        return exception as LeaseStoreException ?? new LeaseStoreException(ApiFault.Evidence(exception, verb, space));
    }

    private void WaitIfAsked()
    {
        lock (_gate)
        {
            if (_pause > TimeSpan.Zero && time.GetElapsedTime(_pausedAt) is var passed && passed < _pause)
            {
                throw new LeaseStoreException("the API server has asked to be left alone for a while, and is not asked");
            }
        }
    }
}
