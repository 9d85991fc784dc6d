namespace Failover.Tests.Gates;

/// <summary>A gate over nothing, that a test opens and shuts.</summary>
internal sealed class HandMadeGate : IPrimaryGate, IDisposable
{
    private TaskCompletionSource<CancellationToken> _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenSource? _lost;

    public string Name => "by hand";

    public PrimaryGateState State { get; set; } = new() { HasAnswer = true };

    internal bool IsDisposed { get; private set; }

    internal int Left { get; private set; }

    public async ValueTask<PrimaryScope> WaitForPrimaryAsync(CancellationToken cancellationToken) => new Scope(this, await _open.Task.WaitAsync(cancellationToken));

    public void Dispose() => IsDisposed = true;

    internal void Open()
    {
        _lost = new();
        _open.SetResult(_lost.Token);
    }

    internal void Shut()
    {
        _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _lost!.Cancel();
    }

    private sealed class Scope(HandMadeGate gate, CancellationToken lost) : PrimaryScope
    {
        private int _isLeft;

        public override long? Token => null;

        public override string? Lineage => null;

        public override CancellationToken Lost => lost;

        public override bool IsPrimary => !lost.IsCancellationRequested;

        public override ValueTask DisposeAsync()
        {
            gate.Left += Interlocked.Exchange(ref _isLeft, 1) == 0 ? 1 : 0;
            return ValueTask.CompletedTask;
        }
    }
}
