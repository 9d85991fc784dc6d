using Failover.Engine;

namespace Failover.Simulation.Checking.Invariants;

/// <summary>Each change of the active member from one to another is told by one record, from the former to the new; and no record tells of a change that was none.</summary>
internal sealed class RecordsFollowTheActive : Invariant
{
    private FailoverMember? _last;
    private Guid _switched;

    protected override void Began(Step first) => _last = first.State.Active;

    internal override void After(in Seen seen)
    {
        int told = 0;
        foreach (GroupEffect effect in seen.Effects)
        {
            if (effect is not Publish { Switchover: { Switched: { } switched } record } || record.Id == _switched)
            {
                continue;
            }

            told++;
            _switched = record.Id;
            FailoverMember? from = record.To.Equals(_last) ? null : _last;
            if (switched != seen.Now || !record.To.Equals(seen.After.Active) || !Equals(record.From, from))
            {
                Fail($"a record tells of {record.From?.Name ?? "none"} to {record.To}; it was {from?.Name ?? "none"} to {seen.After.Active?.Name ?? "none"}");
            }
        }

        if (seen.After.Active is not { } active)
        {
            return;
        }

        if (!active.Equals(_last) && told != 1)
        {
            Fail($"{active} became active after {_last?.Name ?? "none"}, told {told} times");
        }

        _last = active;
    }
}
