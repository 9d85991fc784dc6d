namespace Failover.Tests.Gates;

/// <summary>A fence that does what a test says.</summary>
internal sealed class FakeFence(Func<FenceRequest, FenceResult> fence) : IFence
{
    private int _calls;

    internal int Calls => Volatile.Read(ref _calls);

    public ValueTask<FenceResult> FenceAsync(FenceRequest request, CancellationToken cancellationToken)
    {
        FenceResult result = fence(request);
        Interlocked.Increment(ref _calls);
        return new(result);
    }
}
