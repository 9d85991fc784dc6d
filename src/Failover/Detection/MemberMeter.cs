using System.Diagnostics.CodeAnalysis;
using Failover.Detection;

namespace Failover;

/// <summary>
/// What real calls write of one member, without a lock: <c>long call = meter.Start(); … meter.Succeeded(call);</c>. Each started call must be
/// ended exactly once. A success costs two interlocked additions and one exchange; nothing is allocated after the first call.
/// </summary>
public sealed class MemberMeter
{
    /// <summary>How many waiting calls are watched one by one; more are counted, but their age is not seen.</summary>
    private const int Places = 64;

    /// <summary>The ticket of a call that has failed and is in doubt: it has no place, and is counted as disputed.</summary>
    private const long InDoubt = -2;

    /// <summary>Null for the system's clock, which is read in its coarse form: some milliseconds are nothing beside the age of a call that hangs, and it costs a fifth.</summary>
    private readonly TimeProvider? _time;
    private readonly long _origin;
    private readonly Action<MemberMeter> _tripped;
    private long[]? _waiting;
    private long _started;
    private long _succeeded;
    private long _failed;
    private long _disputed;
    private long _cancelled;
    private long _lastSuccess;
    private SlowLatency _slowReads;
    private SlowLatency _slowWrites;
    private int _failuresInARow;
    private OwnDrain? _drain;
    private long _putOff;
    private volatile bool _attention;

    /// <param name="time">The clock.</param>
    /// <param name="tripped">Called when the group should take a reading now: after a failure, and after any end or start while <see cref="Attention"/> is set.</param>
    internal MemberMeter(TimeProvider time, Action<MemberMeter> tripped)
    {
        _time = ReferenceEquals(time, TimeProvider.System) ? null : time;
        _origin = _time?.GetTimestamp() ?? Environment.TickCount64;
        _tripped = tripped;
    }

    /// <summary>Whether the next start or success calls for a reading: while nothing watches waiting calls, or the member is not known to be healthy.</summary>
    internal bool Attention
    {
        get => _attention;
        set => _attention = value;
    }

    /// <summary>A call to the member begins, of which nothing more is known. Returns what its end must be told with.</summary>
    public long Start() => Start(CallKind.Write);

    /// <summary>A call to the member begins. Returns what its end must be told with.</summary>
    /// <param name="kind">What kind of call.</param>
    public long Start(CallKind kind)
    {
        // The lowest bit is the kind; the rest is the time, never 0: 0 marks a free place.
        long now = Now() | (kind == CallKind.Read ? 1L : 0L);
        long number = Interlocked.Increment(ref _started);
        long[] waiting = _waiting ?? MakePlaces();

        // A ticket is the place (low bits) where the start time stands. A taken place is not fought for: that call is counted, but its age is not watched.
        int place = (int)(number & (Places - 1));
        long ticket = Interlocked.CompareExchange(ref waiting[place], now, 0) == 0 ? place : -1;
        if (_attention)
        {
            _tripped(this);
        }

        return ticket;
    }

    /// <summary>The call got its answer.</summary>
    /// <param name="call">What <c>Start</c> returned.</param>
    public void Succeeded(long call)
    {
        long now = Now();
        if (Leave(call) is var start and not 0)
        {
            (IsRead(start) ? ref _slowReads : ref _slowWrites).Add(now - TimeOf(start));
        }

        Interlocked.Increment(ref _succeeded);
        Volatile.Write(ref _lastSuccess, now);
        if (Volatile.Read(ref _failuresInARow) != 0)
        {
            Volatile.Write(ref _failuresInARow, 0);
            _tripped(this);
        }
        else if (_attention)
        {
            _tripped(this);
        }
    }

    /// <summary>The call failed in a way that says something of the member: no connection, no answer in time.</summary>
    /// <param name="call">What <c>Start</c> returned.</param>
    public void Failed(long call)
    {
        Leave(call);
        Interlocked.Increment(ref _failed);
        Interlocked.Increment(ref _failuresInARow);
        _tripped(this);
    }

    /// <summary>The call failed in a way that may be its own fault: another member failed it the same way, or none could be asked. The member is probed; the failure counts once a probe fails too.</summary>
    /// <param name="call">What <c>Start</c> returned.</param>
    public void Disputed(long call)
    {
        Leave(call);
        Interlocked.Increment(ref _disputed);
        _tripped(this);
    }

    /// <summary>
    /// The call failed, and what it asked for is asked of another member now: how that ends will show whether it was the call's own fault. The group does not wait for it: the member is probed at once, and until its end is told
    /// the call stands among the disputed ones.
    /// </summary>
    /// <param name="call">What <c>Start</c> returned.</param>
    /// <returns>What the call's end must be told with.</returns>
    public long Doubted(long call)
    {
        Disputed(call);
        return InDoubt;
    }

    /// <summary>The call ended in a way that says nothing of the member: its caller gave up.</summary>
    /// <param name="call">What <c>Start</c> returned.</param>
    public void Cancelled(long call)
    {
        Leave(call);
        Interlocked.Increment(ref _cancelled);
    }

    /// <summary>
    /// The member told a call that it is leaving, be the call served or not: the group moves away from it at once, without counting a failure. The call's end is told besides. What many calls are told within a second costs one reading.
    /// </summary>
    /// <param name="duration">How long the member should be left alone; above zero. More than 60 seconds count as 60. Told again, the later end counts.</param>
    public void Draining(TimeSpan duration)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(duration, TimeSpan.Zero);
        OwnDrain? last = Volatile.Read(ref _drain);
        OwnDrain next = OwnDrain.Next(last, Now(), duration);
        if (!ReferenceEquals(next, last) && ReferenceEquals(Interlocked.CompareExchange(ref _drain, next, last), last))
        {
            _tripped(this);
        }
    }

    /// <summary>
    /// The member told a call that it cannot serve now and when to come again (HTTP: 503 with <c>Retry-After</c>). It is probed, at most once a second for this; if it tells that probe the same (<see cref="ProbeResult.DrainFor"/>), it is left at once. The
    /// call's end is told besides.
    /// </summary>
    public void PutOff()
    {
        Interlocked.Increment(ref _putOff);
        _tripped(this);
    }

    /// <summary>Takes a reading.</summary>
    /// <param name="hang">From which age on a waiting call is overdue.</param>
    internal MeterReading Read(HangAges hang)
    {
        // Ends are read before the starts: what ends in between makes the number of waiting calls too high for a moment, never negative.
        long succeeded = Interlocked.Read(ref _succeeded);
        long failed = Interlocked.Read(ref _failed);
        long disputed = Interlocked.Read(ref _disputed);
        long ended = succeeded + failed + disputed + Interlocked.Read(ref _cancelled);
        int waiting = (int)Math.Min(int.MaxValue, Interlocked.Read(ref _started) - ended);
        OwnDrain? drain = Volatile.Read(ref _drain);
        (int overdue, TimeSpan oldest) = waiting > 0 && _waiting is { } places ? Ages(places, hang) : (0, TimeSpan.Zero);
        return new()
        {
            Succeeded = succeeded,
            Failed = failed,
            Disputed = disputed,
            FailuresInARow = Volatile.Read(ref _failuresInARow),
            Drains = drain?.Number ?? 0,
            DrainFor = drain?.For ?? TimeSpan.Zero,
            PutOff = Interlocked.Read(ref _putOff),
            Waiting = waiting,
            Overdue = overdue,
            OldestWaiting = oldest,
        };
    }

    private (int Overdue, TimeSpan Oldest) Ages(long[] places, HangAges hang)
    {
        long reads = hang.For(CallKind.Read, _slowReads.Value).Ticks;
        long writes = hang.For(CallKind.Write, _slowWrites.Value).Ticks;
        long now = Now();
        long lastSuccess = Volatile.Read(ref _lastSuccess);
        int overdue = 0;
        TimeSpan oldest = TimeSpan.Zero;
        foreach (ref long place in places.AsSpan())
        {
            long taken = Volatile.Read(ref place);
            if (taken == 0)
            {
                continue;
            }

            long start = TimeOf(taken);
            TimeSpan age = new(now - start);
            oldest = age > oldest ? age : oldest;

            // A success since the call began shows that the member answers: then the call is slow, not hung. One at the same tick of a coarse clock shows nothing; a probe decides anyway.
            if (age.Ticks >= (IsRead(taken) ? reads : writes) && start >= lastSuccess)
            {
                overdue++;
            }
        }

        return (overdue, oldest);
    }

    /// <returns>What stood in the call's place; 0 if it had none.</returns>
    private long Leave(long call)
    {
        if (call < 0 || _waiting is not { } waiting)
        {
            // Taken back before the end is counted: what is read in between makes the number of waiting calls too high for a moment, never negative.
            _ = call == InDoubt ? Interlocked.Decrement(ref _disputed) : 0;
            return 0;
        }

        long start = waiting[call];
        Volatile.Write(ref waiting[call], 0);
        return start;
    }

    private static bool IsRead(long taken) => (taken & 1) != 0;

    private static long TimeOf(long taken) => taken & ~1L;

    [MemberNotNull(nameof(_waiting))]
    private long[] MakePlaces() => Interlocked.CompareExchange(ref _waiting, new long[Places], null) ?? _waiting!;

    /// <summary>The time since the meter's birth in ticks of <see cref="TimeSpan"/>, even and never 0.</summary>
    private long Now() =>
        (_time is null ? (Environment.TickCount64 - _origin) * TimeSpan.TicksPerMillisecond : _time.GetElapsedTime(_origin).Ticks & ~1L) + 2;
}
