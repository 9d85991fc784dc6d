using Failover.Detection;
using Failover.Engine;

namespace Failover.Groups;

/// <summary>What a monitor holds of one life of a member: its meter and the probe under way. Changed under the monitor's lock only, but for <see cref="Tripped"/>.</summary>
internal sealed class MemberRuntime(MemberState state, MemberMeter meter)
{
    /// <summary>1 while somebody who tripped the meter waits to take the reading; who comes then may go.</summary>
    internal int Tripped;

    internal MemberMeter Meter { get; } = meter;

    internal MemberState State { get; private set; } = state;

    internal MemberSnapshot Snapshot { get; private set; } = new(state, meter, new());

    internal ProbeRun? Probe { get; set; }

    /// <summary>Whether the member is no longer given up in the next state.</summary>
    internal bool Recovers(MemberState next) => State.Verdict == Verdict.Unhealthy && next.Verdict != Verdict.Unhealthy;

    /// <param name="next">The next state.</param>
    /// <param name="anyRecovers">Whether some member of the group recovers: those who wait for one that is given up already may find help there.</param>
    /// <returns>Whether something that can be seen has changed.</returns>
    internal bool Update(MemberState next, bool anyRecovers)
    {
        bool isGivenUp = next.Verdict == Verdict.Unhealthy && (anyRecovers || State.Verdict != Verdict.Unhealthy);
        if (ReferenceEquals(State, next) && !isGivenUp)
        {
            return false;
        }

        State = next;
        Watch();
        if (!isGivenUp && Snapshot.Shows(next))
        {
            return false;
        }

        Snapshot = new(next, Meter, isGivenUp ? new() : Snapshot.GivenUpSource);
        return true;
    }

    /// <summary>Takes a reading. Gives false if it says nothing that the fold does not know.</summary>
    internal bool Read(HangAges hang, out MeterReading reading)
    {
        // Set before the reading and with a full fence between: a call that starts now either is in the reading or trips the meter again.
        Meter.Attention = true;
        Interlocked.MemoryBarrier();
        reading = Meter.Read(hang);
        return reading.Waiting > 0 || reading != State.Reading;
    }

    /// <summary>
    /// Attention is for members of which each outcome counts, and while nothing was waiting at the last reading: then the next start trips, and from there on the
    /// fold asks for readings. On a busy healthy member it is off.
    /// </summary>
    internal void Watch()
    {
        bool attention = State.Verdict != Verdict.Healthy || State.Against > 0 || State.Unconfirmed > 0 || State.HangSuspected || State.Reading.Waiting == 0;
        if (Meter.Attention != attention)
        {
            Meter.Attention = attention;
        }
    }
}
