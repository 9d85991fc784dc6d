namespace Failover.Tests.Gates;

/// <summary>A fence that does what a test says.</summary>
internal sealed class FakeFence(Func<FenceRequest, Task<FenceResult>> fence) : IFence
{
    internal FakeFence(Func<FenceRequest, FenceResult> fence)
        : this(request => Task.FromResult(fence(request)))
    {
    }

    private int _calls;

    internal int Calls => Volatile.Read(ref _calls);

    public ValueTask<FenceResult> FenceAsync(FenceRequest request, CancellationToken cancellationToken)
    {
        Task<FenceResult> result = fence(request);
        Interlocked.Increment(ref _calls);
        return new(result);
    }
}

/// <summary>A fence that takes its time to end what it began, when it is told to.</summary>
internal sealed class SlowFence(TaskCompletionSource begun, Task ends) : IFence
{
    public async ValueTask<FenceResult> FenceAsync(FenceRequest request, CancellationToken cancellationToken)
    {
        begun.SetResult();
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await ends;
        return new(false, "told to end");
    }
}
