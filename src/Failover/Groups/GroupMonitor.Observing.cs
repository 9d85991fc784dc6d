using Failover.Engine;

namespace Failover.Groups;

/// <summary>What a group sees: probes, meters, and time.</summary>
internal sealed partial class GroupMonitor
{
    internal void ProbeEnded(Probe probe, ProbeResult result, TimeSpan duration, bool stillRunning)
    {
        _parts.Telemetry.Probe(Name, probe.Member.Name, result.Outcome, duration);
        if (stillRunning)
        {
            _parts.Telemetry.LeftBehind(Name, probe.Member.Name, 1);
            Log.ProbeLeftBehind(_parts.Logger, probe.Member.Name, Name, probe.Timeout);
        }

        Ended(new(probe.Member, probe.Incarnation, probe.Attempt, result, stillRunning));
    }

    internal void ProbeCameBack(Probe probe, TimeSpan duration)
    {
        _parts.Telemetry.LeftBehind(Name, probe.Member.Name, -1);
        Log.ProbeCameBack(_parts.Logger, probe.Member.Name, Name, duration);
        Ended(new(probe.Member, probe.Incarnation, probe.Attempt, ProbeResult.Timeout(Evidence.NoAnswerWithin(probe.Timeout))));
    }

    /// <summary>Sends a probe, unless its member has gone in the meantime.</summary>
    internal void Send(Probe probe)
    {
        ProbeRun run = new(this, _parts, probe);
        lock (_gate)
        {
            if (_stopped || _members.Find(probe.Incarnation) is not { } member)
            {
                return;
            }

            member.Probe = run;
        }

        ThreadPool.UnsafeQueueUserWorkItem(run, preferLocal: false);
    }

    private void Ended(ProbeCompleted completed)
    {
        bool carry;
        lock (_gate)
        {
            if (!completed.StillRunning && _members.Find(completed.Incarnation) is { } member)
            {
                member.Probe = null;
            }

            Fold(completed);
            carry = MustCarry();
        }

        CarryOutIf(carry);
    }

    /// <summary>A meter says that it should be read now.</summary>
    private void Trip(MemberMeter meter)
    {
        if (_members.Find(meter) is not { } member || Interlocked.Exchange(ref member.Tripped, 1) != 0)
        {
            return;
        }

        bool carry;
        lock (_gate)
        {
            Volatile.Write(ref member.Tripped, 0);
            Read(member);
            carry = MustCarry();
        }

        CarryOutIf(carry);
    }

    /// <summary>The timer rings: what the meters show comes before the time that has passed, so that calls that succeed save a probe.</summary>
    private void Wake()
    {
        bool carry;
        lock (_gate)
        {
            _armed = NotArmed;
            foreach (MemberRuntime member in _members.Members)
            {
                Read(member);
            }

            Fold(Tick.Instance);
            carry = MustCarry();
        }

        CarryOutIf(carry);
    }

    private void Read(MemberRuntime member)
    {
        if (_stopped || _state is null)
        {
            return;
        }

        if (member.Read(_state.Settings.HangAges, out MeterReading reading))
        {
            Fold(new MeterRead(member.State.Member, member.State.Incarnation, reading));
        }

        member.Watch();
    }
}
