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
