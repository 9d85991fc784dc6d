using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Failover.Redis.Sets;
using Microsoft.Extensions.Logging;

namespace Failover.Redis.Sentinel;

/// <summary>
/// Watches the sentinels: asks each once a second, hears its messages, and tells the group whom most of them name, when writers should wait, and which nodes there are. Everything it decides, it decides under one lock; it waits nowhere but for the sentinels.
/// </summary>
internal sealed partial class SentinelWatch : IHintSource, ISentinelListener
{
    private const string Source = "sentinel";

    // How long a member that is active already may take to be seen at its new epoch.
    private static readonly TimeSpan ProofLimit = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(5);

    private readonly SentinelWatchSettings _settings;
    private readonly MasterBook _book;
    private readonly Func<FailoverGroup> _made;
    private readonly Func<FailoverMember, CancellationToken, ValueTask<bool>> _saysMaster;
    private readonly Action<string> _cutNow;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly long _origin;
    private readonly Lock _gate = new();
    private readonly HintBox _box = new();
    private readonly Wake _wake;
    private readonly NodeFinding _nodes = new();
    private readonly Dictionary<SentinelLink, WatchedSentinel> _sentinels = [];
    private FailoverGroup? _group;
    private CancellationTokenSource? _running;
    private TimeSpan? _raiseBy;
    private string? _membersRefused;

    internal SentinelWatch(
        SentinelWatchSettings settings,
        MasterBook book,
        Func<FailoverGroup> made,
        Func<FailoverMember, CancellationToken, ValueTask<bool>> saysMaster,
        Action<string> cutNow,
        ILogger logger,
        TimeProvider time)
    {
        (_settings, _book, _made, _saysMaster, _cutNow, _logger, _time) = (settings, book, made, saysMaster, cutNow, logger, time);
        _origin = time.GetTimestamp();
        _wake = new Wake(time);
    }

    private TimeSpan Now => _time.GetElapsedTime(_origin);

    public async IAsyncEnumerable<Hint> ReadHintsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var running = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        FailoverGroup group = _made();
        lock (_gate)
        {
            (_group, _running) = (group, running);
            _book.Group = () => group.Snapshot;
            foreach (HostAndPort address in _settings.Sentinels.Distinct())
            {
                Watch(address, isConfigured: true);
            }
        }

        try
        {
            while (true)
            {
                await _wake.WaitAsync(_raiseBy is null ? Timeout.InfiniteTimeSpan : Glance, cancellationToken).ConfigureAwait(false);
                foreach (Hint hint in Take(group))
                {
                    yield return hint;
                }
            }
        }
        finally
        {
            await running.CancelAsync().ConfigureAwait(false);
            await EndAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Takes what is to be told by now. Members come first: hints are about them.</summary>
    private List<Hint> Take(FailoverGroup group)
    {
        SetMembers(group);
        List<Hint> hints = [];
        lock (_gate)
        {
            if (_box.Hold is { } length && _book.View.Master is { } held)
            {
                hints.Add(new Hint(HintKind.Hold, Source) { Member = held, HoldFor = length });
            }

            _box.Hold = null;
            if (_book.View is { Master: { } master, Epoch: { } epoch })
            {
                TakeBinding(group.Snapshot, master, epoch, hints);
            }

            hints.AddRange(_box.TakeLooks().Select(static member => new Hint(HintKind.LookNow, Source) { Member = member }));
        }

        return hints;
    }

    /// <summary>
    /// Tells whom most name. Where that member is active already, it has to be seen at its new epoch before the group hears of that: else the group would leave it for a moment.
    /// </summary>
    private void TakeBinding(GroupSnapshot snapshot, FailoverMember master, Epoch epoch, List<Hint> hints)
    {
        bool isActive = master.Equals(snapshot.Active);
        if (_box.IsBound && isActive && snapshot.Epoch != epoch)
        {
            _box.IsBound = false;
            _raiseBy = Now + ProofLimit;
            hints.Add(new Hint(HintKind.LookNow, Source) { Member = master });
        }
        else if (_box.IsBound || (_raiseBy is { } by && (!isActive || snapshot.Epoch == epoch || Now >= by)))
        {
            _box.IsBound = false;
            _raiseBy = null;
            hints.Add(new Hint(HintKind.LookNow, Source) { Member = master, QuorumEpoch = epoch });
        }
    }

    private void SetMembers(FailoverGroup group)
    {
        ImmutableArray<FailoverMember> members;
        lock (_gate)
        {
            (members, _box.Members) = (_box.Members, []);
        }

        if (members.IsEmpty)
        {
            return;
        }

        string? refused = null;
        try
        {
            group.SetMembers(members);
        }
        catch (Exception error) when (error is ArgumentException or ObjectDisposedException)
        {
            refused = error is ArgumentException ? "it cannot serve one of them" : "it has ended";
        }

        if (refused is not null && refused != _membersRefused)
        {
            Log.MembersRefused(_logger, _settings.Group, refused);
        }

        _membersRefused = refused;
    }

    /// <summary>Begins to watch an address. Under the lock.</summary>
    private void Watch(HostAndPort address, bool isConfigured)
    {
        var ending = CancellationTokenSource.CreateLinkedTokenSource(_running!.Token);
        SentinelLink link = new(address, isConfigured, _settings, this, _time);
        WatchedSentinel sentinel = new(link, ending) { Since = Now };
        _sentinels.Add(link, sentinel);
        sentinel.Running = Task.Run(() => link.RunAsync(ending.Token), CancellationToken.None);
    }

    private async Task EndAsync()
    {
        WatchedSentinel[] all;
        Task promotion;
        lock (_gate)
        {
            all = [.. _sentinels.Values];
            promotion = _promotion;
            _sentinels.Clear();
            Unpin(null);
            _running = null;
        }

        await Task.WhenAll(all.Select(static sentinel => sentinel.Running).Append(promotion)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Array.ForEach(all, static sentinel => sentinel.Ending.Dispose());
    }
}
