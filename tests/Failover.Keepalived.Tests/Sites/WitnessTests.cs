using System.Threading.Channels;
using Failover.Keepalived.Sites;
using Microsoft.Extensions.Logging.Testing;

namespace Failover.Keepalived.Tests.Sites;

/// <summary>The third party that says who is to keep the address.</summary>
public sealed class WitnessTests
{
    private readonly FakeLogger _logger = new();

    [Fact]
    public async Task A_master_holds_the_lease_and_gives_it_back_when_it_is_master_no_more()
    {
        FakeArbiter arbiter = new();
        await using Witness witness = new(arbiter, "site", TimeProvider.System, _logger, static () => { });
        FakeLease lease = new();
        arbiter.Answers.Writer.TryWrite(() => lease);

        witness.Want(true);
        await Until.SoAsync(() => witness.Word == "this node holds the lease", () => witness.Word);
        Assert.False(witness.IsOtherHolding);
        witness.Want(false);

        await Until.SoAsync(() => lease.IsGivenBack && witness.Word == "not asked", () => witness.Word);
        Assert.Equal(["site"], arbiter.Asked);
    }

    [Fact]
    public async Task A_lease_that_another_holds_is_told_and_asked_for_again_when_it_may_be_free()
    {
        FakeArbiter arbiter = new();
        int changes = 0;
        await using Witness witness = new(arbiter, "site", TimeProvider.System, _logger, () => Interlocked.Increment(ref changes));
        arbiter.Answers.Writer.TryWrite(static () => null);

        witness.Want(true);
        await Until.SoAsync(() => witness.IsOtherHolding, () => witness.Word);
        Assert.True(changes > 0);
        arbiter.Answers.Writer.TryWrite(static () => new FakeLease());
        arbiter.Free.Release();

        await Until.SoAsync(() => !witness.IsOtherHolding && witness.Word == "this node holds the lease", () => witness.Word);
    }

    [Fact]
    public async Task A_third_party_that_cannot_be_asked_says_nothing_of_the_other_node_and_is_asked_again()
    {
        FakeArbiter arbiter = new();
        await using Witness witness = new(arbiter, "site", TimeProvider.System, _logger, static () => { });
        arbiter.Answers.Writer.TryWrite(static () => throw new TimeoutException());

        witness.Want(true);
        await Until.SoAsync(() => witness.Word == "cannot be asked (TimeoutException)", () => witness.Word);
        Assert.False(witness.IsOtherHolding);
        arbiter.Answers.Writer.TryWrite(static () => throw new TimeoutException());
        arbiter.Answers.Writer.TryWrite(static () => null);

        await Until.SoAsync(() => witness.IsOtherHolding, () => witness.Word);
        Assert.Equal([11038, 11039], _logger.Collector.GetSnapshot().Select(static log => log.Id.Id));
    }

    [Fact]
    public async Task A_lease_that_is_lost_is_asked_for_again()
    {
        FakeArbiter arbiter = new();
        await using Witness witness = new(arbiter, "site", TimeProvider.System, _logger, static () => { });
        FakeLease lost = new();
        arbiter.Answers.Writer.TryWrite(() => lost);
        witness.Want(true);
        await Until.SoAsync(() => witness.Word == "this node holds the lease", () => witness.Word);

        lost.Lose();
        arbiter.Answers.Writer.TryWrite(static () => null);

        await Until.SoAsync(() => witness.IsOtherHolding, () => witness.Word);
    }

    private sealed class FakeArbiter : IArbiter
    {
        internal Channel<Func<ILease?>> Answers { get; } = Channel.CreateUnbounded<Func<ILease?>>();

        internal SemaphoreSlim Free { get; } = new(0);

        internal List<string> Asked { get; } = [];

        public async ValueTask<ILease?> TryAcquireAsync(string resource, CancellationToken cancellationToken)
        {
            Asked.Add(resource);
            return (await Answers.Reader.ReadAsync(cancellationToken))();
        }

        public ValueTask WaitAsync(string resource, CancellationToken cancellationToken) => new(Free.WaitAsync(cancellationToken));
    }

    private sealed class FakeLease : ILease
    {
        private readonly CancellationTokenSource _lost = new();

        public long Token => 7;

        public string Lineage => "a";

        public bool IsValid => !_lost.IsCancellationRequested;

        public CancellationToken Lost => _lost.Token;

        internal bool IsGivenBack { get; private set; }

        internal void Lose() => _lost.Cancel();

        public ValueTask DisposeAsync()
        {
            IsGivenBack = true;
            return ValueTask.CompletedTask;
        }
    }
}
