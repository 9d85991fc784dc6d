using System.Diagnostics.CodeAnalysis;

namespace Failover.HealthChecks.Checks;

/// <summary>
/// Runs work that may block, or may not heed its token, on a thread of its own. Who waits for it gives up when his token fires; the work goes on until it ends, and nobody begins it a second time beside that.
/// </summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "The semaphore's wait handle is never made, so there is nothing to dispose of.")]
internal sealed class OneAtATime
{
    private readonly SemaphoreSlim _free = new(1, 1);

    internal async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken).ConfigureAwait(false);

        // Not the caller's token: whoever fires that would run what the work has registered with it. Npgsql connects there, which takes 30 seconds where a server is frozen.
        CancellationTokenSource stop = new();
        Task<T> run = Begin(work, stop.Token);
        try
        {
            return await run.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Forget(run);
            Forget(OnItsOwnThread(() =>
            {
                stop.Cancel();
                return true;
            }));
            throw;
        }
    }

    private Task<T> Begin<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        try
        {
            return OnItsOwnThread(() => GoAsync(work, cancellationToken)).Unwrap();
        }
        catch
        {
            // There was no thread to be had: the next run may find one.
            _free.Release();
            throw;
        }
    }

    private async Task<T> GoAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        try
        {
            return await work(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _free.Release();
        }
    }

    internal static Task<T> OnItsOwnThread<T>(Func<T> work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);

    /// <summary>What is left behind and fails later is nobody's any more.</summary>
    private static void Forget(Task task) =>
        task.ContinueWith(static ended => ended.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
}
