namespace Failover.Detection;

/// <summary>
/// Counts of calls over about one window, kept as two halves: what is asked for is the sum of the last full half and the current one, so between one half and one whole window is seen.
/// </summary>
internal readonly record struct FailureWindow(TimeSpan HalfStart, int Succeeded, int Failed, int EarlierSucceeded, int EarlierFailed)
{
    internal int Total => Succeeded + Failed + EarlierSucceeded + EarlierFailed;

    internal double FailureRate => Total == 0 ? 0 : (double)(Failed + EarlierFailed) / Total;

    internal FailureWindow Add(int succeeded, int failed, TimeSpan now, TimeSpan window)
    {
        TimeSpan half = window / 2;
        FailureWindow at = now - HalfStart < half ? this
            : now - HalfStart < window ? new(now, 0, 0, Succeeded, Failed)
            : new(now, 0, 0, 0, 0);
        return at with { Succeeded = at.Succeeded + succeeded, Failed = at.Failed + failed };
    }
}
