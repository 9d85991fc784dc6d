using Failover.Engine;

namespace Failover.Simulation.Checking.Invariants;

/// <summary>Every switchover that is told reaches its last revision; revisions grow by one, its times are in order, and what it is does not change.</summary>
internal sealed class EveryRecordEnds : Invariant
{
    private readonly Dictionary<Guid, Switchover> _records = [];

    internal override void After(in Seen seen)
    {
        foreach (GroupEffect effect in seen.Effects)
        {
            if (effect is Publish { Switchover: var told })
            {
                Check(told, seen.Now);
                _records[told.Id] = told;
            }
        }

        if (_records.Count > 8)
        {
            foreach (Switchover ended in _records.Values.Where(r => r.IsFinal).Take(4).ToList())
            {
                _records.Remove(ended.Id);
            }
        }
    }

    internal override void AtRest(GroupState state, TimeSpan now)
    {
        foreach (Switchover record in _records.Values)
        {
            // One that has just begun is no old one that cannot end.
            TimeSpan began = (record.Switched ?? record.Decided ?? record.Detected)?.Elapsed ?? TimeSpan.Zero;
            if (!record.IsFinal && now - began > state.Settings.MaxSwitchTime + TimeSpan.FromSeconds(30))
            {
                Fail($"{record.Cause} to {record.To} stays at revision {record.Revision}");
            }
        }
    }

    private void Check(Switchover told, Moment now)
    {
        if (_records.TryGetValue(told.Id, out Switchover? before))
        {
            bool same = before.Cause == told.Cause && Equals(before.From, told.From) && before.To.Equals(told.To);
            if (before.IsFinal || told.Revision != before.Revision + 1 || !same)
            {
                Fail($"revision {told.Revision} ({told.Cause} to {told.To}) follows revision {before.Revision} ({before.Cause} to {before.To}{(before.IsFinal ? ", final" : "")})");
            }
        }
        else if (told.Revision != 1)
        {
            Fail($"the first revision is {told.Revision}");
        }
        else if (_records.Values.Any(r => !r.IsFinal))
        {
            Fail($"{told.Cause} to {told.To} begins while another record is open");
        }

        TimeSpan last = TimeSpan.Zero;
        foreach (Moment? time in (Moment?[])[told.LastGood, told.FirstFailure, told.Detected, told.Decided, told.Switched, told.Verified, told.Visible])
        {
            if (time is { } at)
            {
                if (at.Elapsed < last || at.Elapsed > now.Elapsed)
                {
                    Fail($"the times of {told.Cause} to {told.To} are not in order: {told}");
                }

                last = at.Elapsed;
            }
        }

        bool complete = told.Outcome == SwitchoverOutcome.Completed;
        if ((told.IsFinal && told.Outcome == SwitchoverOutcome.InProgress) || complete != told.Switched is not null)
        {
            Fail($"outcome {told.Outcome} with switched at {told.Switched?.Elapsed.ToString() ?? "no time"}");
        }
    }
}
