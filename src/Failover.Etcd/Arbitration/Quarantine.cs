using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Failover.Etcd.Arbitration;

/// <summary>
/// Nobody is granted anything while one may still act who held a lease in data that were lost: an etcd that is new is taken for one that has lost them. It lasts as long as the longest lease that those who ask meanwhile ask for. Safe for any thread.
/// </summary>
internal sealed class Quarantine(ILogger logger)
{
    private long _longest;

    /// <summary>Takes in for how long leases are asked for.</summary>
    internal void Regard(TimeSpan duration)
    {
        long seconds = EtcdLease.Seconds(duration);
        for (long longest = Volatile.Read(ref _longest); seconds > longest; longest = Volatile.Read(ref _longest))
        {
            Interlocked.CompareExchange(ref _longest, seconds, longest);
        }
    }

    /// <summary>Begins a lineage, and a quarantine with it in the same step.</summary>
    internal async Task<LeaseAnswer> BeginAsync(LeaseCall call, LeaseView view)
    {
        string lineage = Guid.NewGuid().ToString("N");
        string key = call.Names.Lineage;
        TxnCompare same = view.LineageKey.IsThere ? new Holds(key, view.LineageKey.Value!) : new IsAbsent(key);
        if (await PutAsync(call, [same], [new TxnPut(key, Encoding.ASCII.GetBytes(lineage), 0)]).ConfigureAwait(false) is not { } lease)
        {
            // Another one was faster. It is told when asked next.
            return LeaseAnswer.Held(null, null);
        }

        Log.LineageBegun(logger, lineage, lease.Ttl);
        return LeaseAnswer.Held(null, lease.Ttl);
    }

    /// <summary>Tells how long it lasts, and makes it last longer for who asks for longer leases than whoever began it.</summary>
    internal async Task<LeaseAnswer> WaitAsync(LeaseCall call, LeaseView view)
    {
        if (!Utf8Parser.TryParse(view.Quarantine.Value, out long seconds, out _) || seconds < Volatile.Read(ref _longest))
        {
            EtcdLease? lease = await PutAsync(call, [new IsUnchanged(call.Names.Quarantine, view.Quarantine.ModRevision)], []).ConfigureAwait(false);
            return LeaseAnswer.Held(null, lease?.Ttl);
        }

        // It is told in whole seconds, rounded down.
        return LeaseAnswer.Held(null, await call.LeftAsync(view.Quarantine.Lease).ConfigureAwait(false) + TimeSpan.FromSeconds(1));
    }

    private async Task<EtcdLease?> PutAsync(LeaseCall call, IReadOnlyList<TxnCompare> compares, IReadOnlyList<TxnAct> acts)
    {
        long seconds = Volatile.Read(ref _longest);
        EtcdLease lease = await call.GrantAsync(0, TimeSpan.FromSeconds(seconds)).ConfigureAwait(false);
        TxnPut quarantine = new(call.Names.Quarantine, Encoding.ASCII.GetBytes(seconds.ToString(CultureInfo.InvariantCulture)), lease.Id);
        if ((await call.DoAsync(new(compares, [.. acts, quarantine], [])).ConfigureAwait(false)).Succeeded)
        {
            return lease;
        }

        await call.TryRevokeAsync(lease.Id).ConfigureAwait(false);
        return null;
    }
}
