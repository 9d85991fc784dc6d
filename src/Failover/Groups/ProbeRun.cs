using System.Diagnostics.CodeAnalysis;
using Failover.Engine;

namespace Failover.Groups;

/// <summary>
/// One probe under way. Its token is cancelled a little before its time is over, so that a probe that heeds it ends in time; one that does not, or that blocks
/// its thread, is told as still running, and told again when it ends.
/// </summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "It ends by itself, and disposes of its timer then; the source has no timer and no handle.")]
internal sealed class ProbeRun : IThreadPoolWorkItem
{
    private static readonly TimeSpan MaxNotice = TimeSpan.FromMilliseconds(50);

    private readonly Lock _gate = new();
    private readonly GroupMonitor _monitor;
    private readonly GroupParts _parts;
    private readonly Probe _probe;
    private readonly TimeSpan _notice;
    private readonly CancellationTokenSource _cancel = new();
    private ITimer? _timer;
    private long _started;
    private Phase _phase;

    internal ProbeRun(GroupMonitor monitor, GroupParts parts, Probe probe)
    {
        _monitor = monitor;
        _parts = parts;
        _probe = probe;
        _notice = probe.Timeout / 10 < MaxNotice ? probe.Timeout / 10 : MaxNotice;
    }

    private enum Phase
    {
        Running,
        Cancelled,
        LeftBehind,
        Ended,
    }

    /// <summary>Runs on the thread pool: a probe may block its thread.</summary>
    public void Execute()
    {
        // No lock is held while a timer is made or set: a fake clock rings others meanwhile.
        ITimer timer = Unflowed.Timer(_parts.Time, static run => ((ProbeRun)run!).TimePassed(), this);
        lock (_gate)
        {
            if (_phase == Phase.Ended)
            {
                timer.Dispose();
                return;
            }

            _started = _parts.Time.GetTimestamp();
            _timer = timer;
        }

        timer.Change(_probe.Timeout - _notice, Timeout.InfiniteTimeSpan);
        ValueTask<ProbeResult> answer;
        try
        {
            answer = _parts.Probe.ProbeAsync(_probe.Member, _cancel.Token);
            if (!answer.IsCompleted)
            {
                _ = AwaitAsync(answer);
                return;
            }

            End(answer.GetAwaiter().GetResult());
        }
        catch (Exception exception)
        {
            End(Evidence.ToResult(exception, _probe.Timeout));
        }
    }

    /// <summary>Nobody waits for the answer any more: the member was removed, or the group stops. Never blocks.</summary>
    internal void Abort()
    {
        lock (_gate)
        {
            // One that was left behind is told of when it ends, so that those that still run can be counted.
            _phase = _phase == Phase.LeftBehind ? Phase.LeftBehind : Phase.Ended;
            _timer?.Dispose();
        }

        ThreadPool.UnsafeQueueUserWorkItem(static run => run.Cancel(), this, preferLocal: false);
    }

    private async Task AwaitAsync(ValueTask<ProbeResult> answer)
    {
        ProbeResult result;
        try
        {
            result = await answer.ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            result = Evidence.ToResult(exception, _probe.Timeout);
        }

        End(result);
    }

    private void End(ProbeResult? result)
    {
        TimeSpan duration;
        Phase was;
        lock (_gate)
        {
            was = _phase;
            if (was == Phase.Ended)
            {
                return;
            }

            _phase = Phase.Ended;
            duration = _parts.Time.GetElapsedTime(_started);
            _timer?.Dispose();
        }

        if (was == Phase.LeftBehind)
        {
            _monitor.ProbeCameBack(_probe, duration);
        }
        else
        {
            _monitor.ProbeEnded(_probe, result ?? ProbeResult.Failure("the probe gave no result"), duration, stillRunning: false);
        }
    }

    /// <summary>First cancels the probe, then leaves it behind. A timer may ring early or late: what counts is the clock, and that there is time between the two.</summary>
    private void TimePassed()
    {
        Phase next;
        TimeSpan wait;
        bool cancel;
        lock (_gate)
        {
            if (_phase is Phase.LeftBehind or Phase.Ended)
            {
                return;
            }

            TimeSpan elapsed = _parts.Time.GetElapsedTime(_started);
            TimeSpan left = _probe.Timeout - elapsed;
            TimeSpan early = _phase == Phase.Running ? left - _notice : left;
            (next, wait) = early > TimeSpan.Zero ? (_phase, early)
                : _phase == Phase.Running ? (Phase.Cancelled, _notice)
                : (Phase.LeftBehind, Timeout.InfiniteTimeSpan);
            cancel = next == Phase.Cancelled && _phase == Phase.Running;
            _phase = next;
        }

        if (next == Phase.LeftBehind)
        {
            _monitor.ProbeEnded(_probe, ProbeResult.Timeout(Evidence.NoAnswerWithin(_probe.Timeout)), _probe.Timeout, stillRunning: true);
            return;
        }

        _timer!.Change(TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling(wait.TotalMilliseconds))), Timeout.InfiniteTimeSpan);
        if (cancel)
        {
            Cancel();
        }
    }

    private void Cancel()
    {
        try
        {
            _cancel.Cancel();
        }
        catch (AggregateException exception)
        {
            // What the probe registered on its token failed: no answer of the member, and no reason to end the process.
            Log.EffectFault(_parts.Logger, _parts.Name, exception);
        }
    }
}
