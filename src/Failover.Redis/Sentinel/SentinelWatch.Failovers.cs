using Failover.Redis.Sets;

namespace Failover.Redis.Sentinel;

/// <summary>What sentinels publish while they move the master.</summary>
internal sealed partial class SentinelWatch
{
    // How long all are asked at the quick pace after the last step of a failover.
    private static readonly TimeSpan QuickFor = TimeSpan.FromSeconds(15);
    // The next failover may have begun before most have named the last one's master.
    private static readonly TimeSpan SoonAgain = TimeSpan.FromSeconds(2);

    // Most sentinels hear of a new master within two seconds, each from the others' hellos.
    private static readonly TimeSpan ForetoldFor = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan QuickPace = TimeSpan.FromMilliseconds(20);

    // What a sentinel says again and again counts once in so long.
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(10);

    private TimeSpan _quickUntil;

    TimeSpan ISentinelListener.Pace
    {
        get
        {
            lock (_gate)
            {
                return Now < _quickUntil ? QuickPace : _settings.Interval;
            }
        }
    }

    void ISentinelListener.Told(SentinelLink link, SentinelMessage message)
    {
        bool cuts;
        lock (_gate)
        {
            if (!_sentinels.TryGetValue(link, out WatchedSentinel? sentinel))
            {
                return;
            }

            if (message.Kind != SentinelMessageKind.Look)
            {
                link.AskNow();
            }

            cuts = Take(sentinel, message);
        }

        if (cuts)
        {
            _cutNow("a sentinel promotes another node");
        }
    }

    /// <summary>Takes a message in. Under the lock.</summary>
    /// <returns>Whether connections are to be cut.</returns>
    private bool Take(WatchedSentinel sentinel, SentinelMessage message)
    {
        if (message.Kind == SentinelMessageKind.Tilts && IsDue(sentinel.Tilted))
        {
            sentinel.Tilted = Now;
            Log.Tilts(_logger, _settings.Group, sentinel.Link.Address);
        }

        // What is about an address that is not in use comes too late, or too early.
        if (_votes.Binding is not { } binding || message.Master != binding.Address)
        {
            Foretell(sentinel, message);
            return false;
        }

        if (sentinel.IsBehind(binding))
        {
            return false;
        }

        switch (message.Kind)
        {
            case SentinelMessageKind.Look:
                Look(message.Node);
                return false;
            case SentinelMessageKind.Begins or SentinelMessageKind.GoesOn:
                Begin(sentinel, binding);
                return false;
            case SentinelMessageKind.Promotes:
                Begin(sentinel, binding);
                bool cuts = _pinned is null && IsDue(sentinel.Cut);
                sentinel.Cut = cuts ? Now : sentinel.Cut;
                return cuts;
            case SentinelMessageKind.Awaits:
                Begin(sentinel, binding);
                Promote(sentinel, message.Node, binding.Epoch);
                return false;
            case SentinelMessageKind.Aborts:
                Abort(sentinel, binding);
                return false;
            default:
                return false;
        }
    }

    /// <summary>What a sentinel begins may be the failover away from a master that most do not name yet.</summary>
    private void Foretell(WatchedSentinel sentinel, SentinelMessage message)
    {
        if (message is { Kind: SentinelMessageKind.Begins, Master: { } master })
        {
            sentinel.Foretold = (master, Now);
        }
        else if (message.Kind == SentinelMessageKind.Aborts && message.Master == sentinel.Foretold?.Master)
        {
            sentinel.Foretold = null;
        }
    }

    /// <summary>A sentinel leads a failover away from the master in use: writers wait. Who missed the first message hears it of the next, or of the sentinel's answer.</summary>
    private void Begin(WatchedSentinel sentinel, Binding binding)
    {
        if (!IsDue(sentinel.Announced) || _pinned is not null)
        {
            return;
        }

        sentinel.Announced = Now;
        _quickUntil = Now + QuickFor;
        Log.Announced(_logger, _settings.Group, sentinel.Link.Address, binding.Address);
        _box.Hold = _settings.HoldLimit;
        _wake.Set();
        foreach (SentinelLink link in _sentinels.Keys)
        {
            link.AskNow();
        }
    }

    /// <summary>Sees in a sentinel's answers, which come in order, what was missed of its messages. Under the lock.</summary>
    private void SeeFailover(WatchedSentinel sentinel, SentinelWord? before, SentinelWord word)
    {
        if (_votes.Binding is not { } binding)
        {
            return;
        }

        if (before?.Leaves != binding.Address && Leaves(sentinel, binding))
        {
            Begin(sentinel, binding);
        }
        else if (word.Leaves is null && before?.Leaves == binding.Address && word.Master == binding.Address)
        {
            Abort(sentinel, binding);
        }
    }

    private void Abort(WatchedSentinel sentinel, Binding binding)
    {
        if (sentinel.Announced is null)
        {
            return;
        }

        sentinel.Announced = null;
        sentinel.Aborted = Now;
        Log.Aborted(_logger, _settings.Group, sentinel.Link.Address, binding.Address);
        if (_promoter == sentinel)
        {
            Unpin("the sentinel gave the failover up");
        }

        if (_sentinels.Values.All(static one => one.Announced is null))
        {
            _box.Hold = TimeSpan.Zero;
            _quickUntil = TimeSpan.Zero;
            _wake.Set();
        }
    }

    /// <summary>Most have named another: what was announced has come, or does not matter any more.</summary>
    private void EndFailover(Binding binding)
    {
        _box.Hold = null;
        _quickUntil = Now + SoonAgain;
        foreach (WatchedSentinel sentinel in _sentinels.Values)
        {
            (sentinel.Announced, sentinel.Cut) = (null, null);
        }

        FailoverMember named = (_settings.Reached(binding.Address, _settings.Allowed()) ?? binding.Address).Member;
        Unpin(named.Equals(_pinned) ? null : $"they name {named.Name}");

        // The next failover may have been announced before most named the master that it leaves: then it was not one of the master in use.
        foreach (WatchedSentinel sentinel in _sentinels.Values)
        {
            bool isForetold = sentinel.Foretold is { } foretold && foretold.Master == binding.Address && Now - foretold.At < ForetoldFor && !sentinel.IsBehind(binding);
            sentinel.Foretold = null;
            if (isForetold || Leaves(sentinel, binding))
            {
                Begin(sentinel, binding);
            }
        }
    }

    /// <summary>Whether a sentinel's last answer says that it leads a failover away from the master in use, of which nothing is known yet.</summary>
    private bool Leaves(WatchedSentinel sentinel, Binding binding) =>
        sentinel.Voice.Word?.Leaves == binding.Address && !sentinel.IsBehind(binding) && sentinel.Announced is null && IsDue(sentinel.Aborted);

    private void Look(HostAndPort? node)
    {
        if (MemberAt(node) is { } member)
        {
            _box.Look(member);
            _wake.Set();
        }
    }

    /// <summary>The member at an address that a sentinel names: only one that the group has is asked anything.</summary>
    private FailoverMember? MemberAt(HostAndPort? node) =>
        node is { } named && _settings.Reached(named, _settings.Allowed()) is { } address && address.Member is var member ? _group!.Snapshot.Members.FirstOrDefault(one => one.Member.Equals(member))?.Member : null;

    private bool IsDue(TimeSpan? last) => last is not { } at || Now - at >= Rest;
}
