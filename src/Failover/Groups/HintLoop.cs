namespace Failover.Groups;

/// <summary>Listens to one hint source as long as its group lives; begins again, with a growing pause, when it ends or throws.</summary>
internal sealed class HintLoop
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly IHintSource _source;
    private readonly GroupMonitor _monitor;
    private readonly GroupParts _parts;
    private readonly CancellationToken _stopping;
    private TimeSpan _pause = FirstPause;

    private HintLoop(IHintSource source, GroupMonitor monitor, GroupParts parts, CancellationToken stopping)
    {
        _source = source;
        _monitor = monitor;
        _parts = parts;
        _stopping = stopping;
    }

    internal static void Start(IHintSource source, GroupMonitor monitor, GroupParts parts, CancellationToken stopping) =>
        ThreadPool.UnsafeQueueUserWorkItem(static loop => _ = loop.RunAsync(), new HintLoop(source, monitor, parts, stopping), preferLocal: false);

    private async Task RunAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            string end = await ListenAsync().ConfigureAwait(false);
            if (_stopping.IsCancellationRequested)
            {
                return;
            }

            Log.HintSourceEnded(_parts.Logger, _source.GetType().Name, _parts.Name, end, _pause);
            await Task.Delay(_pause, _parts.Time, _stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _pause = _pause * 2 < LongestPause ? _pause * 2 : LongestPause;
        }
    }

    private async Task<string> ListenAsync()
    {
        try
        {
            await foreach (Hint hint in _source.ReadHintsAsync(_stopping).WithCancellation(_stopping).ConfigureAwait(false))
            {
                if (hint is not null)
                {
                    _pause = FirstPause;
                    _monitor.Hint(hint);
                }
            }

            return "it ended";
        }
        catch (Exception exception)
        {
            return Evidence.Of(exception);
        }
    }
}
