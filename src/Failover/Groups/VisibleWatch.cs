using Failover.Engine;

namespace Failover.Groups;

/// <summary>Waits until callers see what the switcher did: for one change at a time, the last. Its limit holds even if the switcher ignores its token. Called by one thread at a time.</summary>
internal sealed class VisibleWatch(GroupMonitor monitor, GroupParts parts, IVisibleSwitcher switcher, CancellationToken stopping)
{
    private readonly Lock _gate = new();
    private CancellationTokenSource? _current;

    internal void Begin(FailoverMember active)
    {
        CancellationTokenSource begun = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        lock (_gate)
        {
            // Not awaited: what was registered on the token is foreign code.
            _ = _current?.CancelAsync();
            _current = begun;
        }

        ThreadPool.UnsafeQueueUserWorkItem(_ => _ = RunAsync(active, begun), null);
    }

    private async Task RunAsync(FailoverMember active, CancellationTokenSource begun)
    {
        await RunAsync(active, begun.Token).ConfigureAwait(false);
        lock (_gate)
        {
            _current = _current == begun ? null : _current;
            begun.Dispose();
        }
    }

    private async Task RunAsync(FailoverMember active, CancellationToken overtaken)
    {
        bool isVisible = false;
        CancellationTokenSource end = new();
        try
        {
            Task<bool> wait = Task.Run(() => switcher.WaitUntilVisibleAsync(active, end.Token).AsTask(), CancellationToken.None);
            isVisible = await wait.WaitAsync(switcher.VisibleWithin, parts.Time, overtaken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is OperationCanceledException or TimeoutException)
        {
            // Overtaken, or not seen in time.
        }
#pragma warning disable CA1031 // Foreign code: the record ends whatever it does.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.VisibleNotKnown(parts.Logger, parts.Name, active, Evidence.Of(exception));
        }

        // Whatever the end was, who still waits is told so.
        _ = end.CancelAsync();

        if (!overtaken.IsCancellationRequested)
        {
            monitor.Post(new VisibleCompleted(active, isVisible));
        }
    }
}
