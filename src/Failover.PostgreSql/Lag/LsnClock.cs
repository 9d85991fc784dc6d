namespace Failover.PostgreSql.Lag;

/// <summary>
/// How far standbys are behind, in seconds: remembers when the primary's log was how long, and so when it passed the place that a standby has come to. Right while nothing is written, and while a standby hears nothing; every question put to
/// the standby alone is wrong in one of these. Safe for any thread.
/// </summary>
internal sealed class LsnClock
{
    /// <summary>At one look a second, an hour; older ones are thinned out before they are dropped.</summary>
    private const int Most = 3600;

    private readonly Lock _gate = new();
    private readonly List<Mark> _marks = [];
    private Epoch? _epoch;

    /// <summary>The primary's log was this long at this time.</summary>
    /// <param name="epoch">The primary's epoch: with another one the clock begins anew.</param>
    /// <param name="position">The end of its log.</param>
    /// <param name="at">The time, on a clock that only goes forward.</param>
    internal void Mark(Epoch epoch, long position, TimeSpan at)
    {
        lock (_gate)
        {
            if (_epoch is { } known && epoch.Lineage == known.Lineage && epoch.Number < known.Number)
            {
                return;
            }

            if (_epoch != epoch)
            {
                _epoch = epoch;
                _marks.Clear();
            }

            if (_marks is [.., var last] && (at <= last.At || position < last.Position))
            {
                return;
            }

            // Of a log that does not grow only the beginning and the end of the rest are of interest.
            if (_marks is [.., var before, var end] && before.Position == end.Position && end.Position == position)
            {
                _marks[^1] = new(at, position);
                return;
            }

            if (_marks.Count == Most)
            {
                Thin();
            }

            _marks.Add(new(at, position));
        }
    }

    /// <summary>Returns how far a standby that has come to a place is behind; null as long as the primary has not been seen.</summary>
    /// <param name="position">How far the standby has replayed.</param>
    /// <param name="now">The time.</param>
    internal TimeSpan? Behind(long position, TimeSpan now)
    {
        lock (_gate)
        {
            if (_marks is not [.., var newest])
            {
                return null;
            }

            if (position >= newest.Position)
            {
                return TimeSpan.Zero;
            }

            TimeSpan passed = Passed(position);
            return now > passed ? now - passed : TimeSpan.Zero;
        }
    }

    /// <summary>Returns how many bytes a standby that has come to a place is behind; null as long as the primary has not been seen.</summary>
    internal long? BytesBehind(long position)
    {
        lock (_gate)
        {
            return _marks is [.., var newest] ? Math.Max(0, newest.Position - position) : null;
        }
    }

    /// <summary>When the primary's log went past a place, between two looks as if it had grown evenly. From before the first look: as old as that at least.</summary>
    private TimeSpan Passed(long position)
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

        Mark after = _marks[high];
        if (high == 0)
        {
            return after.At;
        }

        Mark before = _marks[high - 1];
        return before.At + ((after.At - before.At) * ((double)(position - before.Position) / (after.Position - before.Position)));
    }

    /// <summary>Keeps every second one of the older half.</summary>
    private void Thin()
    {
        int kept = 0;
        for (int i = 0; i < _marks.Count; i++)
        {
            if (i >= Most / 2 || i % 2 == 0)
            {
                _marks[kept++] = _marks[i];
            }
        }

        _marks.RemoveRange(kept, _marks.Count - kept);
    }
}

/// <summary>How long the primary's log was at a time.</summary>
internal readonly record struct Mark(TimeSpan At, long Position);
