using System.Collections.Immutable;
using Failover.Redis.Sets;

namespace Failover.Redis.Sentinel;

/// <summary>What sentinels answer.</summary>
internal sealed partial class SentinelWatch
{
    // A sentinel that was found and then replaced is forgotten.
    private static readonly TimeSpan ForgottenAfter = TimeSpan.FromMinutes(1);

    private SentinelVotes _votes = SentinelVotes.None;
    private bool? _hadMajority;
    private Binding? _refused;
    private string? _nodesRefused;

    void ISentinelListener.Heard(SentinelLink link, SentinelWord word)
    {
        lock (_gate)
        {
            if (!_sentinels.TryGetValue(link, out WatchedSentinel? sentinel))
            {
                return;
            }

            if (!sentinel.HasAnswered || sentinel.Silence is not null)
            {
                Log.Answers(_logger, _settings.Group, link.Address);
            }

            sentinel.HasAnswered = true;
            sentinel.Silence = null;
            SentinelWord? before = sentinel.Voice.Word;
            sentinel.Voice = sentinel.Voice with { Word = word, At = Now };
            Recount();
            SeeFailover(sentinel, before, word);
        }
    }

    void ISentinelListener.Silent(SentinelLink link, string evidence)
    {
        lock (_gate)
        {
            if (!_sentinels.TryGetValue(link, out WatchedSentinel? sentinel))
            {
                return;
            }

            // Another name of one that is told already may never have answered.
            if (sentinel.Silence is null && (link.IsConfigured || sentinel.HasAnswered))
            {
                Log.Silent(_logger, _settings.Group, link.Address, evidence);
            }

            sentinel.Silence = evidence;
            Recount();
        }
    }

    void ISentinelListener.Deaf(SentinelLink link, string? evidence)
    {
        lock (_gate)
        {
            if (!_sentinels.TryGetValue(link, out WatchedSentinel? sentinel))
            {
                return;
            }

            // Where both connections are gone, the sentinel is silent, and that is told: so ask first.
            bool isAgain = sentinel.Deafness is not null;
            sentinel.Deafness = evidence;
            if (evidence is null)
            {
                sentinel.IsDeafTold = false;
            }
            else if (!isAgain)
            {
                link.AskNow();
            }
            else if (sentinel is { Silence: null, HasAnswered: true, IsDeafTold: false })
            {
                sentinel.IsDeafTold = true;
                Log.Deaf(_logger, _settings.Group, link.Address, evidence);
            }

            _book.Take(View());
        }
    }

    /// <summary>Counts anew after a word. Under the lock.</summary>
    private void Recount()
    {
        TimeSpan now = Now;
        ImmutableArray<SentinelVoice> voices = [.. _sentinels.Values.Select(static sentinel => sentinel.Voice)];
        SentinelVotes before = _votes;
        _votes = before.Count(_settings.ServiceName, voices, now);
        if (_votes.Binding is { } binding && binding != before.Binding)
        {
            Bind(before.Binding, binding);
        }

        TellMajority();
        FindNodes(voices, now);
        FindSentinels(voices, now);
        _book.Take(View());
        if (_box.IsBound || !_box.Members.IsEmpty)
        {
            _wake.Set();
        }
    }

    private void Bind(Binding? before, Binding binding)
    {
        if (before is { } old && old.Epoch.Lineage != binding.Epoch.Lineage)
        {
            Log.Rebuilt(_logger, _settings.Group, old.Epoch.Lineage, binding.Epoch.Lineage);
        }

        Log.Named(_logger, _settings.Group, binding.Address, binding.Epoch, _votes.Agreeing, _votes.Known);
        _box.IsBound = true;
        EndFailover(binding);
    }

    private void TellMajority()
    {
        if (_votes.Refused is { } refused && refused != _refused)
        {
            Log.Refused(_logger, _settings.Group, refused.Address, refused.Epoch, _votes.Binding!.Value.Epoch);
        }

        _refused = _votes.Refused;
        if (_hadMajority is { } had && had != _votes.HasMajority)
        {
            if (had)
            {
                Log.MajorityLost(_logger, _settings.Group, _votes.Heard, _votes.Known);
            }
            else
            {
                Log.MajorityBack(_logger, _settings.Group, _votes.Heard, _votes.Known);
            }
        }

        // Before the first majority each sentinel that is silent has been told.
        _hadMajority = _hadMajority is null && !_votes.HasMajority ? null : _votes.HasMajority;
    }

    private void FindNodes(ImmutableArray<SentinelVoice> voices, TimeSpan now)
    {
        GroupSnapshot snapshot = _group!.Snapshot;
        AllowedMembers allowed = _settings.Allowed();
        (ImmutableArray<FailoverMember> members, string? refused) = _nodes.Take(voices, _votes, now, [.. snapshot.Members.Select(static one => one.Member)], snapshot.Active, named => _settings.Reached(named, allowed));
        if (!members.IsEmpty)
        {
            _box.Members = members;
        }

        if (refused is not null && refused != _nodesRefused)
        {
            Log.NodeRefused(_logger, _settings.Group, refused);
        }

        _nodesRefused = refused;
    }

    private void FindSentinels(ImmutableArray<SentinelVoice> voices, TimeSpan now)
    {
        List<(string Id, HostAndPort Address)> named = SentinelFinding.Named(voices, now);
        AllowedMembers allowed = _settings.Allowed();
        foreach (WatchedSentinel gone in _sentinels.Values.Where(one => !one.Link.IsConfigured && now - (one.HasAnswered ? one.Voice.At : one.Since) > ForgottenAfter && !named.Any(other => _settings.Reached(other.Address, allowed) == one.Link.Address)).ToArray())
        {
            _sentinels.Remove(gone.Link);
            _ = gone.Ending.CancelAsync();
            _ = gone.Running.ContinueWith(static (_, ending) => ((CancellationTokenSource)ending!).Dispose(), gone.Ending, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }

        foreach (HostAndPort announced in SentinelFinding.Further(named, voices))
        {
            // Who is configured is asked first, by the name that the settings give it.
            bool isEarly = _sentinels.Values.Any(static one => one is { Link.IsConfigured: true, HasAnswered: false, Silence: null });
            if (!isEarly && _sentinels.Count < SentinelFinding.MaxSentinels && _settings.Reached(announced, allowed) is { } address && _sentinels.Keys.All(link => link.Address != address))
            {
                Log.Found(_logger, _settings.Group, address);
                Watch(address, isConfigured: false);
            }
        }
    }

    private MasterView View()
    {
        AllowedMembers allowed = _settings.Allowed();
        SentinelWord[] words = [.. SentinelVoice.Fresh(_sentinels.Values.Select(static sentinel => sentinel.Voice), Now)];
        return new()
        {
            Master = _votes.Binding is { } binding ? (_settings.Reached(binding.Address, allowed) ?? binding.Address).Member : null,
            Epoch = _votes.Binding?.Epoch,
            Pinned = _pinned,
            Known = _votes.Known,
            Heard = _votes.Heard,
            Agreeing = _votes.Agreeing,
            Refused = _votes.Refused,
            NodesRefused = _nodesRefused,
            Sentinels = [.. _sentinels.Values.Select(static sentinel => sentinel.State)],
            DownAfter = Middle(words.Select(static word => word.DownAfter)),
            FailoverTimeout = Middle(words.Select(static word => word.FailoverTimeout)),
        };
    }

    private static TimeSpan? Middle(IEnumerable<TimeSpan> times) => times.Order().ToArray() is { Length: > 0 } all ? all[all.Length / 2] : null;
}
