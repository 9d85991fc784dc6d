namespace Failover.Polly;

/// <summary>The attempts of one execution that failed. Sees to it that each is told to its member's meter exactly once. For one thread at a time.</summary>
internal struct AttemptBook
{
    private (MemberMeter Meter, long Call) _first;
    private List<(MemberMeter Meter, long Call)>? _more;
    private int _count;

    /// <summary>An attempt has failed; what it says of its member depends on how it goes on the next.</summary>
    internal void Add(MemberMeter meter, long call)
    {
        if (_count++ == 0)
        {
            _first = (meter, call);
        }
        else
        {
            (_more ??= []).Add((meter, call));
        }
    }

    /// <summary>Another member is asked. However long that takes, the group looks at the last one now.</summary>
    internal void GoOn()
    {
        if (_more is null)
        {
            _first.Call = _first.Meter.Doubted(_first.Call);
        }
        else
        {
            _more[^1] = (_more[^1].Meter, _more[^1].Meter.Doubted(_more[^1].Call));
        }
    }

    /// <summary>
    /// The execution is over. A failure counts if another member then answered, or if nobody else was asked; if every member that was asked failed, it may be the execution's own fault:
    /// the members are probed, and it counts if the probe fails too.
    /// </summary>
    internal void Conclude(bool answered)
    {
        if (_count == 0)
        {
            return;
        }

        bool counts = answered || _count == 1;
        Tell(_first, counts);
        foreach ((MemberMeter Meter, long Call) attempt in _more ?? [])
        {
            Tell(attempt, counts);
        }

        _count = 0;
    }

    private static void Tell((MemberMeter Meter, long Call) attempt, bool counts)
    {
        if (counts)
        {
            attempt.Meter.Failed(attempt.Call);
        }
        else
        {
            attempt.Meter.Disputed(attempt.Call);
        }
    }
}
