namespace Failover.Lag;

/// <summary>How long the log of one lineage was at which time, as far back as there is room for. Not safe for several threads.</summary>
internal sealed class LogMarks
{
    /// <summary>The most that are kept. At one look a second they are thinned out once in half an hour or so.</summary>
    internal const int Most = 3600;

    /// <summary>Of the past, marks may be as far apart as this share of their age.</summary>
    private const double Grain = 0.005;

    private readonly List<LogMark> _marks = [];
    private long _number;

    /// <summary>Gets when the log was last seen; null as long as it was not.</summary>
    internal TimeSpan? Newest => _marks is [.., var newest] ? newest.At : null;

    internal int Count => _marks.Count;

    /// <summary>The log was this long at this time.</summary>
    /// <param name="number">The number of its primary's epoch. One that is lower than what was seen is a former primary's, and ignored.</param>
    /// <param name="position">The end of the log.</param>
    /// <param name="at">The time, on a clock that only goes forward.</param>
    internal void Add(long number, long position, TimeSpan at)
    {
        if (number < _number || at <= Newest)
        {
            return;
        }

        // A promotion or a crash ended the log before its end. What came before is the past of the new one, too: a replica that hangs since then has not caught up by it.
        _number = number;
        while (_marks is [.., var beyond] && beyond.Position > position)
        {
            _marks.RemoveAt(_marks.Count - 1);
        }

        // Of a log that does not grow only the beginning and the end of the rest are of interest.
        if (_marks is [.., var before, var end] && before.Position == end.Position && end.Position == position)
        {
            _marks[^1] = new(at, position);
            return;
        }

        if (_marks.Count == Most)
        {
            Thin(at);
        }

        _marks.Add(new(at, position));
    }

    /// <summary>Returns how far a replica that has come to a place is behind; null as long as the log was not seen, and for a place that it never had.</summary>
    /// <param name="position">How far the replica has replayed.</param>
    /// <param name="since">When it was first seen there.</param>
    /// <param name="now">The time.</param>
    internal TimeSpan? Behind(long position, TimeSpan since, TimeSpan now)
    {
        if (_marks is not [.., var newest])
        {
            return null;
        }

        if (position > newest.Position)
        {
            // It was asked after the primary; but what the primary has not come to long after that is no part of its log: the replica has what was lost with a former primary.
            return newest.At - since > Patience ? null : TimeSpan.Zero;
        }

        if (position == newest.Position)
        {
            return TimeSpan.Zero;
        }

        TimeSpan passed = Passed(position, isMoving: since >= now);
        return now > passed ? now - passed : TimeSpan.Zero;
    }

    /// <summary>Returns how many bytes a replica that has come to a place is behind; null as long as the log was not seen.</summary>
    internal long? BytesBehind(long position) => _marks is [.., var newest] ? Math.Max(0, newest.Position - position) : null;

    /// <summary>How long a replica may be ahead of the primary before that counts: longer than any answer takes.</summary>
    private static TimeSpan Patience => TimeSpan.FromSeconds(5);

    /// <summary>When the log went past a place, between two looks. From before the first look: as old as that at least.</summary>
    private TimeSpan Passed(long position, bool isMoving)
    {
        int low = 0;
        int high = _marks.Count - 1;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_marks[middle].Position > position)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        LogMark after = _marks[high];
        if (high == 0)
        {
            return after.At;
        }

        // A log that a checkpoint or a new table has made grow at once says nothing of when the next row came: the middle is never wrong by more than half the pause between two looks. But a replica that has just moved is on its way to the newest look.
        LogMark before = _marks[high - 1];
        double share = isMoving && high == _marks.Count - 1 && position > before.Position ? (double)(position - before.Position) / (after.Position - before.Position) : 0.5;
        return before.At + ((after.At - before.At) * share);
    }

    /// <summary>Drops what is closer together than its age calls for; never one that ends a rest or begins one, unless the rest was that short. If that makes no room, the oldest go.</summary>
    private void Thin(TimeSpan now)
    {
        List<LogMark> kept = new(Most) { _marks[^1] };
        for (int i = _marks.Count - 2; i > 0; i--)
        {
            if (kept[^1].At - _marks[i - 1].At > (now - _marks[i - 1].At) * Grain)
            {
                kept.Add(_marks[i]);
            }
        }

        kept.Add(_marks[0]);
        kept.Reverse();
        _marks.Clear();
        _marks.AddRange(kept.Count > Most * 7 / 8 ? kept[(Most / 8)..] : kept);
    }
}

/// <summary>How long the primary's log was at a time.</summary>
internal readonly record struct LogMark(TimeSpan At, long Position);
