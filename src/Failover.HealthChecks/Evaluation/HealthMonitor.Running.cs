namespace Failover.HealthChecks.Evaluation;

/// <summary>From the timer to the outcome.</summary>
internal sealed partial class HealthMonitor
{
    private void Wake()
    {
        List<CheckRun> next = [];
        lock (_gate)
        {
            if (_stopped)
            {
                return;
            }

            Moment now = Now();
            TakeBeat(now);
            bool isNews = false;
            foreach (CheckSlot slot in _slots.Where(slot => slot.Due <= now.Elapsed))
            {
                if (slot.Run is null)
                {
                    next.Add(slot.Next((registration, timeout) => new(registration, timeout, _scopes, _time, now)));
                }
                else
                {
                    isNews = true;
                    StillRuns(slot, now);
                }
            }

            if (isNews || !_snapshot!.Verdicts.Alive || now.Elapsed + Beat > _snapshot.FreshUntil)
            {
                Publish(now);
            }

            Arm();
        }

        next.ForEach(run => run.Begin(Heard, Ended));
    }

    private void TakeBeat(Moment now)
    {
        TimeSpan pause = now.Elapsed - _lastBeat;
        if (pause > AliveFor)
        {
            _teller.Paused(pause);
        }

        _lastBeat = now.Elapsed;
    }

    private void StillRuns(CheckSlot slot, Moment now)
    {
        CheckState before = slot.State;
        CheckOutcome outcome = slot.StillRuns(now);
        if (!before.IsStuck)
        {
            _teller.Stuck(slot);
        }

        _teller.Heard(slot, before, outcome);
    }

    private void Heard(CheckRun run, CheckOutcome outcome, bool goesOn)
    {
        lock (_gate)
        {
            if (_stopped)
            {
                return;
            }

            Moment now = Now();
            CheckSlot slot = Of(run);
            CheckState before = slot.State;
            slot.Heard(outcome, goesOn, _options.Current, now);
            _teller.Heard(slot, before, outcome);
            Publish(now);
            Arm();
        }
    }

    private void Ended(CheckRun run)
    {
        lock (_gate)
        {
            if (_stopped)
            {
                return;
            }

            CheckSlot slot = Of(run);
            Moment now = Now();
            bool wasStuck = slot.State.IsStuck;
            slot.Ended(now);
            if (wasStuck)
            {
                _teller.NoLongerStuck(slot);
                Publish(now);
            }

            Arm();
        }
    }

    private void Arm()
    {
        TimeSpan wait = Beat;
        TimeSpan now = Elapsed;
        foreach (CheckSlot slot in _slots)
        {
            wait = slot.Due - now < wait ? slot.Due - now : wait;
        }

        // Rounded up: a timer that rings too early would find nothing due.
        _timer!.Change(TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling(wait.TotalMilliseconds))), Timeout.InfiniteTimeSpan);
    }

    private CheckSlot Of(CheckRun run) => _slots.First(slot => slot.Run == run);
}
