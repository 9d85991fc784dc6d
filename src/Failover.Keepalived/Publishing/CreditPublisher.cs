using System.Globalization;
using Failover.Keepalived.Watching;
using Microsoft.Extensions.Logging;

namespace Failover.Keepalived.Publishing;

/// <summary>
/// Writes the credit, and waits until keepalived says that it counts it. What is not acknowledged is written again. Each write changes the effective priority, for else keepalived would have nothing to say: so a credit has three values, like 200, 199 and 198.
/// </summary>
internal sealed class CreditPublisher : IAsyncDisposable
{
    /// <summary>How often the file is looked at: whether it is there, and holds what was written.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(2);

    private readonly KeepalivedOptions _options;
    private readonly string _group;
    private readonly Func<VrrpView> _view;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CreditFile _file;
    private readonly CancellationTokenSource _end = new();
    private readonly SemaphoreSlim _signal = new(0);
    private volatile Credit _wanted;
    private Task _loop = Task.CompletedTask;
    private bool _isNamed;
    private int _written;
    private volatile Publication _now = new(Credit.Unproven, null, null);
    private volatile Credit _counted = Credit.Unproven;

    internal CreditPublisher(KeepalivedOptions options, string group, Func<VrrpView> view, TimeProvider time, ILogger logger)
    {
        (_options, _group, _view, _time, _logger) = (options, group, view, time, logger);
        _file = new(options.CreditFile);
    }

    /// <summary>Raised when what <see cref="Now"/> says changes. On the loop of the publisher.</summary>
    internal event Action? Changed;

    internal Publication Now => _now;

    /// <summary>Gets the credit that keepalived counts: while it is asked to count another, that of before; fault, and nothing at all, are so at once.</summary>
    internal Credit Counted => _counted;

    internal void Start() => _loop = Task.Run(RunAsync);

    /// <summary>Has a credit published; of several only the last is.</summary>
    internal void Publish(Credit credit)
    {
        if (_wanted != credit)
        {
            _wanted = credit;
            Wake();
        }
    }

    /// <summary>Says that something was heard of keepalived.</summary>
    internal void Wake()
    {
        if (_signal.CurrentCount == 0)
        {
            _signal.Release();
        }
    }

    /// <summary>Publishes a last credit without waiting for anybody.</summary>
    internal async ValueTask EndAsync(Credit last)
    {
        await DisposeAsync().ConfigureAwait(false);
        _file.Write(ChangeTo(last, null, null));
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task RunAsync()
    {
        Credit credit = _wanted;
        Attempt attempt = new(_time.GetTimestamp(), -1, 0, false, null, null);
        Wake();
        while (!_end.IsCancellationRequested)
        {
            await WaitAsync(attempt).ConfigureAwait(false);
            try
            {
                Credit wanted = _wanted;
                if (wanted != credit || attempt.Attachments != _view().Attachments || !IsIntact(attempt))
                {
                    credit = wanted;
                    attempt = Begin(credit);
                }

                attempt = Judge(attempt, credit, _view());
            }
#pragma warning disable CA1031 // A bug, or a logger of the app's: it is tried again at the next look. What was counted before is so no longer, as far as is known.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                (_now, _counted) = (new(credit, false, $"publishing failed ({failure.GetType().Name})"), Credit.Unproven);
                attempt = attempt with { Attachments = -1, IsAcknowledged = false };
                Changed?.Invoke();
            }
        }
    }

    private bool IsIntact(Attempt attempt) => attempt.Failure is not null || _file.Read() == _written;

    private async Task WaitAsync(Attempt attempt)
    {
        TimeSpan left = attempt is { IsAcknowledged: null } ? _options.AckTimeout - _time.GetElapsedTime(attempt.Began) : Look;
        left = left < TimeSpan.Zero ? TimeSpan.Zero : left < Look ? left : Look;
        using CancellationTokenSource limit = new(left + TimeSpan.FromMilliseconds(1), _time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _end.Token);

        // When it is time to look, or at the end, it is cancelled.
        await _signal.WaitAsync(either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Writes the value of a credit that keepalived does not count yet.</summary>
    private Attempt Begin(Credit credit)
    {
        VrrpView view = _view();
        int value = ChangeTo(credit, _file.Read(), view.IsAttached ? view.Priority - _options.Priority : null);
        long began = _time.GetTimestamp();
        _written = value;
        string? failure = _file.Write(value);
        if (failure is null && !_isNamed)
        {
            // What was left in the file by an app that was killed is gone: this one may be seen.
            _isNamed = true;
            NameProcess();
        }

        Attempt attempt = new(began, view.Attachments, view.Lines, view.IsFault, failure, failure is null ? null : false);

        // What did not count goes on not to count while it is tried again.
        Publication before = _now;
        Tell(failure is null && before.Credit == credit && before.IsAcknowledged == false ? before : new(credit, attempt.IsAcknowledged, failure));
        return attempt;
    }

    private void NameProcess()
    {
        if (_options.ProcessName is not { } name)
        {
            return;
        }

        try
        {
            File.WriteAllText("/proc/self/comm", name);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Log.NotNamed(_logger, _group, name, failure.GetType().Name);
        }
    }

    private Attempt Judge(Attempt attempt, Credit credit, VrrpView view)
    {
        if (attempt.Failure is not null)
        {
            // Written again each look: somebody may make the directory.
            return _time.GetElapsedTime(attempt.Began) >= Look ? Begin(credit) : attempt;
        }

        if (attempt.IsAcknowledged == true && credit != Credit.Fault && view.IsDoubted && _time.GetElapsedTime(attempt.Began) >= AskAgain)
        {
            // keepalived's last word cannot be so: another value has it speak again.
            return Begin(credit);
        }

        bool isNew = view.Lines > attempt.Lines;
        bool isCounted = credit == Credit.Fault
            ? view.IsFault && (isNew || attempt.WasFault)
            : !view.IsFault && isNew && view.Priority == EffectiveOf(_written);
        if (isCounted)
        {
            Tell(new(credit, true, null));
            return attempt with { IsAcknowledged = true };
        }

        if (attempt.IsAcknowledged == true && (credit != Credit.Fault || view.IsFault))
        {
            // It was counted. Another priority now is of other trackers of the instance, or of a reload, which is an attachment.
            return attempt;
        }

        if (attempt.IsAcknowledged == true)
        {
            // The FAULT was of something else: with ours it would last.
            return Begin(credit);
        }

        if (_time.GetElapsedTime(attempt.Began) < _options.AckTimeout)
        {
            return attempt;
        }

        // A node that keepalived has in fault for a reason of its own says no priority; it is no backup either, and that is told elsewhere.
        Tell(new(credit, false, WhyNot(attempt, view)));
        return attempt.IsTried(_time, _options.AckTimeout * 2) ? Begin(credit) : attempt with { IsAcknowledged = false };
    }

    private string WhyNot(Attempt attempt, VrrpView view)
    {
        if (!view.IsAttached)
        {
            return view.Problem ?? $"keepalived does not run, or does not write to {_options.Fifo}";
        }

        string limit = string.Create(CultureInfo.InvariantCulture, $"within {_options.AckTimeout.TotalSeconds:0.###} s");
        return view.IsFault ? $"keepalived stays in FAULT: its interface, a script or a process that it tracks has failed, or it does not track {_options.CreditFile}"
            : view.Lines > attempt.Lines && view.Priority is { } priority && priority != EffectiveOf(_written)
                ? string.Create(CultureInfo.InvariantCulture, $"keepalived counts from {priority - _written} where Priority is {_options.Priority}: Priority is not that of its configuration, the weight of the file is not 1, or something else that it tracks counts too")
            : $"keepalived did not acknowledge {limit} what was written to {_options.CreditFile}: it does not track this file (its directory was not there at its start, or was removed since), vrrp_notify_priority_changes is off, or somebody else reads {_options.Fifo}";
    }

    private void Tell(Publication now)
    {
        Publication before = _now;
        if (before == now)
        {
            return;
        }

        _now = now;
        _counted = now.IsAcknowledged == true || now.Credit is Credit.Fault or Credit.Unproven ? now.Credit : now.IsAcknowledged == false ? Credit.Unproven : _counted;
        if (now.Problem is { } problem && problem != before.Problem)
        {
            Log.NotAcknowledged(_logger, _group, now.Credit, problem);
        }
        else if (now.IsAcknowledged == true && before.IsAcknowledged == false)
        {
            Log.Acknowledged(_logger, _group, now.Credit);
        }

        Changed?.Invoke();
    }

    private int EffectiveOf(int value) => Math.Clamp(_options.Priority + value, 1, 254);

    /// <summary>The value of a credit that is another than what the file holds, and than what keepalived counts.</summary>
    private static int ChangeTo(Credit credit, int? held, int? counted)
    {
        (int value, int step) = credit switch
        {
            Credit.Ready => (200, -1),
            Credit.Hold => (100, -1),
            Credit.Fault => (KeepalivedOptions.FaultCredit, 0),
            _ => (1, 1),
        };
        while (step != 0 && (value == held || value == counted))
        {
            value += step;
        }

        return value;
    }

    /// <summary>One value that was written.</summary>
    private sealed record Attempt(long Began, long Attachments, long Lines, bool WasFault, string? Failure, bool? IsAcknowledged)
    {
        internal bool IsTried(TimeProvider time, TimeSpan limit) => time.GetElapsedTime(Began) >= limit;
    }
}
