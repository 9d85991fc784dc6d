using Microsoft.Extensions.Logging;

namespace Failover.Keepalived.Sites;

/// <summary>Holds the lease of the address while this node is its master, and knows whether another holds it. Who is cut off from the third party knows nothing, and yields nothing.</summary>
internal sealed class Witness(IArbiter arbiter, string resource, TimeProvider time, ILogger logger, Action changed) : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private CancellationTokenSource? _asking;
    private Task _loop = Task.CompletedTask;
    private volatile string _word = "not asked";
    private volatile bool _isOtherHolding;

    // Of the loop alone.
    private bool _isAway;

    /// <summary>Whether another held the lease when it was asked for last.</summary>
    internal bool IsOtherHolding => _isOtherHolding;

    /// <summary>How it stands, for people.</summary>
    internal string Word => _word;

    /// <summary>Says whether the lease is wanted.</summary>
    internal void Want(bool isWanted)
    {
        lock (_gate)
        {
            if (isWanted && _asking is null)
            {
                CancellationTokenSource asking = _asking = new();
                Task before = _loop;
                _loop = Task.Run(() => RunAsync(before, asking));
            }
            else if (!isWanted && _asking is not null)
            {
                _ = _asking.CancelAsync();
                _asking = null;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        Want(false);
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task RunAsync(Task before, CancellationTokenSource asking)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        CancellationToken cancellationToken = asking.Token;
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await RoundAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                // It is wanted no longer.
            }
#pragma warning disable CA1031 // Whatever the third party comes up with: nothing is known then.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                string problem = failure is LeaseStoreException ? failure.Message : failure.GetType().Name;
                if (!_isAway)
                {
                    _isAway = true;
                    Log.WitnessAway(logger, resource, problem);
                }

                Set(false, $"cannot be asked ({problem})");
                await Task.Delay(Pause, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        Set(false, "not asked");
        asking.Dispose();
    }

    private async Task RoundAsync(CancellationToken cancellationToken)
    {
        ILease? lease = await arbiter.TryAcquireAsync(resource, cancellationToken).ConfigureAwait(false);
        if (_isAway)
        {
            _isAway = false;
            Log.WitnessBack(logger, resource);
        }

        if (lease is null)
        {
            Set(true, "the other node holds the lease");
            await arbiter.WaitAsync(resource, cancellationToken).ConfigureAwait(false);
            return;
        }

        await using (lease.ConfigureAwait(false))
        {
            Set(false, "this node holds the lease");
            using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(lease.Lost, cancellationToken);
            await Task.Delay(Timeout.InfiniteTimeSpan, time, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Set(false, "the lease was given back or lost");
        }
    }

    private void Set(bool isOtherHolding, string word)
    {
        (_isOtherHolding, string before) = (isOtherHolding, _word);
        _word = word;
        if (before != word)
        {
            changed();
        }
    }
}
