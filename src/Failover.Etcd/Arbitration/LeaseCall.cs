using System.Text.Json;
using Failover.Etcd.Client;

namespace Failover.Etcd.Arbitration;

/// <summary>What one call of a store asks of etcd, within the time that its arbiter waits for it.</summary>
internal sealed class LeaseCall(EtcdCalls calls, LeaseRequest request, LeaseNames names, CancellationToken cancellationToken)
{
    /// <summary>After this share of the duration an arbiter gives a call up.</summary>
    private const int CallShare = 5;

    private readonly TimeSpan _limit = request.Duration / CallShare;

    internal LeaseRequest Request => request;

    internal LeaseNames Names => names;

    internal string Held { get; } = names.Held(request.Resource);

    internal string Last { get; } = names.Last(request.Resource);

    /// <summary>Reads all that there is about the lease.</summary>
    internal async Task<LeaseView> LookAsync() => LeaseView.Of(await DoAsync(LeaseView.Ask(names, request.Resource)).ConfigureAwait(false));

    /// <summary>Carries out a transaction. Where an endpoint did so without answering, it is sent again to the next, and told as not succeeded there.</summary>
    internal async Task<TxnAnswer> DoAsync(EtcdTxn txn)
    {
        try
        {
            return await CallAsync(EtcdTxn.Path, txn.ToMessage(), answer => TxnAnswer.Of(txn, answer)).ConfigureAwait(false);
        }
        catch (EtcdException fault)
        {
            // Missing: its lease has run out, or was revoked since it was given up.
            throw Told(fault);
        }
    }

    /// <summary>Makes a lease of etcd.</summary>
    /// <param name="id">Its id; 0 lets etcd choose.</param>
    /// <param name="ttl">How long it lasts at least.</param>
    internal async Task<EtcdLease> GrantAsync(long id, TimeSpan ttl)
    {
        try
        {
            return await CallAsync(EtcdLease.GrantPath, EtcdLease.Grant(id, ttl), answer => EtcdLease.ReadGrant(id, ttl, answer)).ConfigureAwait(false);
        }
        catch (EtcdException fault)
        {
            // The endpoint before has made it, and did not answer.
            return fault.Fault == EtcdFault.Exists && id != 0 && await LeftAsync(id).ConfigureAwait(false) is { } left ? new(id, left) : throw Told(fault);
        }
    }

    /// <summary>Revokes a lease of etcd, and returns whether it was there.</summary>
    internal async Task<bool> RevokeAsync(long id)
    {
        try
        {
            return await CallAsync(EtcdLease.RevokePath, EtcdLease.Name(id), static answer => EtcdMessages.Revision(answer) > 0).ConfigureAwait(false);
        }
        catch (EtcdException fault)
        {
            return fault.Fault == EtcdFault.Missing ? false : throw Told(fault);
        }
    }

    /// <summary>Revokes a lease of etcd that nobody uses; where that fails, it runs out by itself.</summary>
    internal async Task TryRevokeAsync(long id)
    {
        try
        {
            await RevokeAsync(id).ConfigureAwait(false);
        }
        catch (LeaseStoreException)
        {
            // It bears no key.
        }
    }

    /// <summary>How long a lease of etcd lasts at least if nobody does anything; null if it is over, or that is not told.</summary>
    internal async Task<TimeSpan?> LeftAsync(long id)
    {
        try
        {
            return await CallAsync(EtcdLease.TimeToLivePath, EtcdLease.Name(id), EtcdLease.ReadLeft).ConfigureAwait(false);
        }
        catch (Exception error) when (error is EtcdException or LeaseStoreException)
        {
            return null;
        }
    }

    private static LeaseStoreException Told(EtcdException fault) => new($"etcd: {fault.Message}", fault);

    private Task<T> CallAsync<T>(string path, byte[] body, Func<JsonElement, T> read) => calls.CallAsync(path, body, _limit, read, cancellationToken);
}
