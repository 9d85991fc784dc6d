namespace Failover.Keepalived.Tests.Gates;

/// <summary>A gate over a lease that a test grants and takes away.</summary>
internal sealed class FakeLease : IPrimaryGate
{
    private TaskCompletionSource _granted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenSource _lost = new();

    public string Name => "lease";

    public PrimaryGateState State { get; set; } = new();

    internal int Waiting { get; private set; }

    internal int Inside { get; private set; }

    public async ValueTask<PrimaryScope> WaitForPrimaryAsync(CancellationToken cancellationToken)
    {
        Waiting++;
        try
        {
            await _granted.Task.WaitAsync(cancellationToken);
        }
        finally
        {
            Waiting--;
        }

        Inside++;
        return new Scope(this, _lost.Token);
    }

    internal void Grant()
    {
        State = new() { IsPrimary = true, HasAnswer = true, Token = 7, Holder = "host-a" };
        _granted.TrySetResult();
    }

    internal void Lose()
    {
        State = new();
        _granted = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _lost.Cancel();
        _lost = new();
    }

    private sealed class Scope(FakeLease lease, CancellationToken lost) : PrimaryScope
    {
        public override long? Token => 7;

        public override string? Lineage => "etcd";

        public override CancellationToken Lost => lost;

        public override bool IsPrimary => !lost.IsCancellationRequested;

        public override ValueTask DisposeAsync()
        {
            lease.Inside--;
            return ValueTask.CompletedTask;
        }
    }
}
