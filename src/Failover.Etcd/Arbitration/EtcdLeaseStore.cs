using Failover.Etcd.Arbitration;
using Failover.Etcd.Client;
using Failover.Etcd.Registration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Failover.Etcd;

/// <summary>
/// Keeps leases in etcd v3, for a <see cref="LeaseArbiter"/>: <c>new LeaseArbiter(new EtcdLeaseStore(etcd), new LeaseOptions())</c>. Each step is agreed upon by a majority of etcd's members; the fencing token is the revision that made the key of the
/// lease. An endpoint that does not answer is left for the next within one call. An etcd that is new, or was built again without its data, grants nothing for one duration of a lease. Safe for any thread.
/// </summary>
/// <remarks>
/// The user of etcd needs the right to read and write what stands under <see cref="EtcdOptions.LeasePrefix"/>.
/// </remarks>
public sealed class EtcdLeaseStore : ILeaseStore, IDisposable
{
    private const int MaxTries = 3;

    private readonly Func<EtcdOptions> _options;
    private readonly EtcdCalls _calls;
    private readonly LeaseWatches _watches;
    private readonly LineageMemory _memory;
    private readonly Quarantine _quarantine;

    /// <summary>Initializes a store.</summary>
    /// <param name="options">Where etcd is. <see cref="EtcdOptions.Watch"/> is not used. Not to be changed later.</param>
    /// <exception cref="OptionsValidationException">The settings are invalid; it names all that is wrong with them.</exception>
    public EtcdLeaseStore(EtcdOptions options)
        : this(options, TimeProvider.System, NullLoggerFactory.Instance)
    {
    }

    /// <inheritdoc cref="EtcdLeaseStore(EtcdOptions)"/>
    /// <param name="options">Where etcd is. <see cref="EtcdOptions.Watch"/> is not used. Not to be changed later.</param>
    /// <param name="time">The clock.</param>
    /// <param name="loggers">Where it logs, as category <c>Failover.Etcd</c>.</param>
    public EtcdLeaseStore(EtcdOptions options, TimeProvider time, ILoggerFactory loggers)
        : this(Checked(options), time, loggers)
    {
    }

    /// <summary>Initializes a store whose settings are asked for at each call, and checked elsewhere.</summary>
    internal EtcdLeaseStore(Func<EtcdOptions> options, TimeProvider time, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(loggers);
        ILogger logger = loggers.CreateLogger("Failover.Etcd");
        _options = options;
        _calls = new(options, time);
        _watches = new(options, logger, time);
        _memory = new(logger);
        _quarantine = new(logger);
    }

    /// <inheritdoc/>
    /// <exception cref="LeaseStoreException">etcd could not be asked, or has answered what cannot be.</exception>
    public async ValueTask<LeaseAnswer> TakeAsync(LeaseRequest request, CancellationToken cancellationToken)
    {
        LeaseCall call = Begin(request, cancellationToken);
        (LeaseView view, bool hasGoneBack) = await LookAsync(call).ConfigureAwait(false);
        if (view.Lineage is not { } lineage || hasGoneBack)
        {
            return await _quarantine.BeginAsync(call, view).ConfigureAwait(false);
        }

        if (view.Quarantine.IsThere)
        {
            return await _quarantine.WaitAsync(call, view).ConfigureAwait(false);
        }

        if (view.Held.IsThere)
        {
            return LeaseAnswer.Held(LeaseRecord.Of(view.Held)?.Holder, null);
        }

        LeaseRecord? last = LeaseRecord.Of(view.Last);
        if (view.Last.IsThere && last is null)
        {
            throw new LeaseStoreException($"etcd: the key {call.Last} holds something else, so that it is not known who held the lease before; delete it if nobody does");
        }

        EtcdLease lease = await call.GrantAsync(EtcdLease.IdOf(request.Attempt), request.Duration).ConfigureAwait(false);
        LeaseRecord record = new(request.Holder, request.Attempt);
        EtcdTxn take = new(
            [new IsAbsent(call.Held), new IsAbsent(call.Names.Quarantine), new Holds(call.Names.Lineage, view.LineageKey.Value!), new IsUnchanged(call.Last, view.Last.ModRevision)],
            [new TxnPut(call.Held, record.ToBytes(), lease.Id), .. request.Settles || last is null ? [new TxnPut(call.Last, record.ToBytes(), 0)] : (TxnAct[])[]],
            [new TxnRead(call.Held)]);
        TxnAnswer answer = await call.DoAsync(take).ConfigureAwait(false);

        // What the endpoint before did without answering counts, too.
        StoredKey held = answer.Succeeded ? new(answer.Revision, answer.Revision, lease.Id, record.ToBytes()) : answer.Read[0];
        if (LeaseRecord.Of(held)?.Attempt != request.Attempt)
        {
            await call.TryRevokeAsync(lease.Id).ConfigureAwait(false);
            return LeaseAnswer.Held(LeaseRecord.Of(held)?.Holder, null);
        }

        if (held.Lease != lease.Id || held.CreateRevision <= view.Revision)
        {
            throw new LeaseStoreException("etcd: it says that it granted the lease before it was asked");
        }

        _memory.Learn(lineage, answer.Revision);
        _watches.Forget(request.Resource);
        return LeaseAnswer.Granted(new(new Epoch(lineage, held.CreateRevision), lease.Ttl) { Unreleased = last?.Holder });
    }

    /// <inheritdoc/>
    /// <remarks>
    /// The key goes over to a lease of etcd that is new each time, since granting one is agreed upon by a majority. Keeping one alive is not: a former leader that was paused may answer to it by itself, and as it wakes up it may take leases away
    /// that were kept alive meanwhile.
    /// </remarks>
    /// <exception cref="LeaseStoreException">etcd could not be asked, or has answered what cannot be.</exception>
    public async ValueTask<LeaseGrant?> RenewAsync(LeaseRequest request, LeaseGrant grant, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(grant);
        LeaseCall call = Begin(request, cancellationToken);
        (LeaseView view, bool hasGoneBack) = await LookAsync(call).ConfigureAwait(false);
        if (hasGoneBack || view.Lineage != grant.Epoch.Lineage || !IsStill(view.Held))
        {
            return null;
        }

        EtcdLease lease = await call.GrantAsync(0, request.Duration).ConfigureAwait(false);
        bool isSettled = !request.Settles || LeaseRecord.Of(view.Last)?.Attempt == request.Attempt;
        EtcdTxn renew = new(
            [new IsUnchanged(call.Held, view.Held.ModRevision), new Holds(call.Names.Lineage, view.LineageKey.Value!)],
            [new TxnPut(call.Held, view.Held.Value!, lease.Id), .. isSettled ? (TxnAct[])[] : [new TxnPut(call.Last, view.Held.Value!, 0)]],
            [new TxnRead(call.Held)]);
        TxnAnswer answer = await call.DoAsync(renew).ConfigureAwait(false);
        if (answer.Succeeded || (IsStill(answer.Read[0]) && answer.Read[0].Lease == lease.Id))
        {
            _memory.Learn(grant.Epoch.Lineage, answer.Revision);
            return new LeaseGrant(grant.Epoch, lease.Ttl);
        }

        return IsStill(answer.Read[0]) ? throw new LeaseStoreException("etcd: an earlier renewal came between") : null;

        bool IsStill(StoredKey key) => key.CreateRevision == grant.Epoch.Number && LeaseRecord.Of(key)?.Attempt == request.Attempt;
    }

    /// <inheritdoc/>
    /// <exception cref="LeaseStoreException">etcd could not be asked, or has answered what cannot be.</exception>
    public async ValueTask ReleaseAsync(LeaseRequest request, CancellationToken cancellationToken)
    {
        LeaseCall call = Begin(request, cancellationToken);
        bool isGivenBack = await GiveBackAsync(call, evenIfGone: false).ConfigureAwait(false);

        // A transaction that is still under way to take it finds its lease gone. What one did that came between is undone.
        if (await call.RevokeAsync(EtcdLease.IdOf(request.Attempt)).ConfigureAwait(false) && !isGivenBack)
        {
            await GiveBackAsync(call, evenIfGone: true).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async ValueTask WaitForChangeAsync(string resource, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(resource);
        await _watches.WaitAsync(resource, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Closes the connections. Leases that are held run out.</summary>
    public void Dispose()
    {
        _watches.Dispose();
        _calls.Dispose();
    }

    private static Func<EtcdOptions> Checked(EtcdOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        IReadOnlyList<string> problems = EtcdKeys.Problems(options, "Etcd");
        return problems.Count == 0 ? () => options : throw new OptionsValidationException("Etcd", typeof(EtcdOptions), problems);
    }

    private LeaseCall Begin(LeaseRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        _quarantine.Regard(request.Duration);
        return new(_calls, request, new(_options().LeasePrefix), cancellationToken);
    }

    /// <summary>Reads all that there is about the lease; whether the data are older than what was read before.</summary>
    private async Task<(LeaseView View, bool HasGoneBack)> LookAsync(LeaseCall call)
    {
        (string? Lineage, long Revision) before = _memory.Known;
        LeaseView view = await call.LookAsync().ConfigureAwait(false);
        return (view, _memory.HasGoneBack(view, before));
    }

    /// <summary>Gives back in one step, so that the next holder finds all of it or nothing. Returns whether there was something.</summary>
    /// <param name="call">What is given back.</param>
    /// <param name="evenIfGone">Whether the trace is wiped out where the key is gone: if its lease was just revoked. If it ran out, the trace stays.</param>
    private async Task<bool> GiveBackAsync(LeaseCall call, bool evenIfGone)
    {
        for (int tried = 1; ; tried++)
        {
            LeaseView view = (await LookAsync(call).ConfigureAwait(false)).View;
            LeaseRecord? last = LeaseRecord.Of(view.Last);
            bool isHeld = LeaseRecord.Of(view.Held)?.Attempt == call.Request.Attempt;
            if (!isHeld && !(evenIfGone && !view.Held.IsThere && last?.Attempt == call.Request.Attempt))
            {
                return false;
            }

            bool forgets = view.Last.IsThere && (call.Request.Settles || last?.Holder == call.Request.Holder);
            EtcdTxn give = new(
                [new IsUnchanged(call.Held, view.Held.ModRevision), new IsUnchanged(call.Last, view.Last.ModRevision)],
                [.. isHeld ? [new TxnDelete(call.Held)] : (TxnAct[])[], .. forgets ? [new TxnDelete(call.Last)] : (TxnAct[])[]],
                []);
            if ((await call.DoAsync(give).ConfigureAwait(false)).Succeeded)
            {
                return true;
            }

            if (tried == MaxTries)
            {
                throw new LeaseStoreException("etcd: the lease does not stop changing");
            }
        }
    }
}
