using System.Runtime.CompilerServices;

namespace Failover.Http.Replay;

/// <summary>
/// How many requests of a group may be sent a second time: within any 10 seconds a share of all its requests, and some beside that each second. Keeps a group whose members all fail from being sent a
/// multiple of its load. Thread-safe; a request costs one interlocked addition.
/// </summary>
internal sealed class RetryBudget
{
    /// <summary>The window is this many slices of about one second.</summary>
    private const int Slices = 10;

    private static readonly ConditionalWeakTable<FailoverGroup, RetryBudget> OfGroups = [];

    private readonly Lock _lock = new();
    private readonly TimeProvider? _time;
    private readonly long _origin;
    private readonly long[] _requests = new long[Slices];
    private readonly long[] _replays = new long[Slices];
    private long _slice;
    private long _nextTold;
    private volatile int _mostBuffered;

    internal RetryBudget(TimeProvider time)
    {
        _time = ReferenceEquals(time, TimeProvider.System) ? null : time;
        _origin = _time?.GetTimestamp() ?? Environment.TickCount64;
    }

    /// <summary>Which part of the requests may be sent again, and how many a second beside that: Finagle's figures.</summary>
    internal (double Share, int Reserve) Limits
    {
        get
        {
            lock (_lock)
            {
                return field;
            }
        }

        set
        {
            lock (_lock)
            {
                field = value;
            }
        }
    } = (0.2, 10);

    /// <summary>The one budget of a group, however many handlers send for it.</summary>
    internal static RetryBudget Of(FailoverGroup group) => OfGroups.GetValue(group, static _ => new(TimeProvider.System));

    /// <summary>Up to how many bytes of content are buffered so that it can be sent again.</summary>
    internal int MostBuffered => _mostBuffered;

    internal void Follow(HttpReplayOptions options)
    {
        Limits = (options.Share, options.Reserve);
        _mostBuffered = options.BufferContent;
    }

    /// <summary>A request begins.</summary>
    internal void Add() => Interlocked.Increment(ref _requests[Now() % Slices]);

    /// <summary>A request is to be sent to another member. Returns false if the budget is empty.</summary>
    internal bool TryTake()
    {
        long slice = Now();
        lock (_lock)
        {
            double allowed = Limits.Share * _requests.Sum() + Limits.Reserve * (double)Slices;
            if (_replays.Sum() + 1 > allowed)
            {
                return false;
            }

            _replays[slice % Slices]++;
            return true;
        }
    }

    /// <summary>Whether a refusal should be logged: one in ten seconds.</summary>
    internal bool TellsRefusal()
    {
        long slice = Now();
        lock (_lock)
        {
            bool tells = slice >= _nextTold;
            _nextTold = tells ? slice + Slices : _nextTold;
            return tells;
        }
    }

    private long Now()
    {
        long slice = (_time is null ? Environment.TickCount64 - _origin : (long)_time.GetElapsedTime(_origin).TotalMilliseconds) / 1000;
        if (slice != Volatile.Read(ref _slice))
        {
            MoveOn(slice);
        }

        return slice;
    }

    /// <summary>Empties the slices that are too old. A request counted by another thread at this moment may be lost, or stand in the slice beside it.</summary>
    private void MoveOn(long slice)
    {
        lock (_lock)
        {
            for (long next = Math.Max(_slice + 1, slice - Slices + 1); next <= slice; next++)
            {
                Interlocked.Exchange(ref _requests[next % Slices], 0);
                _replays[next % Slices] = 0;
            }

            if (slice > _slice)
            {
                Volatile.Write(ref _slice, slice);
            }
        }
    }
}
