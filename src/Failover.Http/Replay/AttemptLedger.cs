using System.Runtime.InteropServices;

namespace Failover.Http.Replay;

/// <summary>The attempts of one request that did not go well at first. Sees to it that each one is told to its member's meter exactly once. For one thread at a time.</summary>
internal sealed class AttemptLedger(RequestKind request)
{
    private readonly List<AttemptFault> _faults = [];
    private readonly List<(MemberMeter Meter, long Call, bool IsTold)> _calls = [];

    /// <summary>An attempt has ended; what it says of its member may depend on the ones that follow.</summary>
    internal void Add(MemberMeter meter, long call, AttemptFault fault)
    {
        // The others wait for what comes next; this one would not change.
        bool isCertain = fault is AttemptFault.NeverSent or AttemptFault.Abandoned;
        if (isCertain)
        {
            meter.Failed(call);
        }

        _faults.Add(fault);
        _calls.Add((meter, call, isCertain));
    }

    /// <summary>Another member is asked. However long that takes, the group looks at the last one now.</summary>
    internal void GoOn()
    {
        if (_faults[^1] is AttemptFault.Lost or AttemptFault.Unavailable)
        {
            ref (MemberMeter Meter, long Call, bool IsTold) last = ref CollectionsMarshal.AsSpan(_calls)[^1];
            last.Call = last.Meter.Doubted(last.Call);
        }
    }

    /// <summary>The request is over.</summary>
    internal void Conclude()
    {
        ReadOnlySpan<AttemptFault> faults = CollectionsMarshal.AsSpan(_faults);
        for (int i = 0; i < _calls.Count; i++)
        {
            (MemberMeter meter, long call, bool isTold) = _calls[i];
            if (!isTold)
            {
                Tell(meter, call, ReplayRules.EndOf(faults, i, request));
            }
        }

        _calls.Clear();
        _faults.Clear();
    }

    private static void Tell(MemberMeter meter, long call, AttemptEnd end)
    {
        switch (end)
        {
            case AttemptEnd.Succeeded:
                meter.Succeeded(call);
                break;
            case AttemptEnd.Failed:
                meter.Failed(call);
                break;
            case AttemptEnd.Disputed:
                meter.Disputed(call);
                break;
            default:
                meter.Cancelled(call);
                break;
        }
    }
}
