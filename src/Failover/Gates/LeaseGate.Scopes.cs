using Failover.Leases;

namespace Failover.Gates;

/// <content>Who is inside.</content>
internal sealed partial class LeaseGate
{
    /// <summary>One time of being primary.</summary>
    private sealed class Term(LeaseRun lease)
    {
        internal LeaseRun Lease => lease;

        internal int Users { get; set; }
    }

    private sealed class Scope : PrimaryScope
    {
        private readonly LeaseGate _gate;
        private readonly Term _term;
        private readonly CancellationTokenSource _left;
        private int _isLeft;

        internal Scope(LeaseGate gate, Term term)
        {
            (_gate, _term) = (gate, term);
            _left = CancellationTokenSource.CreateLinkedTokenSource(term.Lease.Lost);
            Lost = _left.Token;
        }

        public override long? Token => _term.Lease.Token;

        public override string? Lineage => _term.Lease.Lineage;

        public override CancellationToken Lost { get; }

        public override bool IsPrimary => _term.Lease.IsValid && !Lost.IsCancellationRequested;

        public override async ValueTask DisposeAsync()
        {
            if (Interlocked.Exchange(ref _isLeft, 1) == 0)
            {
                try
                {
                    await _left.CancelAsync().ConfigureAwait(false);
                }
                finally
                {
                    // Whatever those throw who listen.
                    _left.Dispose();
                    await _gate.LeaveAsync(_term).ConfigureAwait(false);
                }
            }
        }
    }
}
