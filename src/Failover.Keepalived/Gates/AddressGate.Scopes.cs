using System.Diagnostics.CodeAnalysis;

namespace Failover.Keepalived.Gates;

/// <content>Who is inside.</content>
internal sealed partial class AddressGate
{
    /// <summary>One time of holding the address.</summary>
    [SuppressMessage("Design", "CA1001", Justification = "The token source has no timer: cancelling it is all there is to do.")]
    private sealed class Term
    {
        private readonly CancellationTokenSource _lost = new();

        internal CancellationToken Lost => _lost.Token;

        internal bool IsOver => _lost.IsCancellationRequested;

        /// <summary>It is so at once; who listens is called elsewhere, for he may take his time.</summary>
        internal void End() => _ = _lost.CancelAsync();
    }

    private sealed class Scope : PrimaryScope
    {
        private readonly AddressGate _gate;
        private readonly Term _term;
        private readonly PrimaryScope? _lease;
        private readonly CancellationTokenSource _left;
        private int _isLeft;

        internal Scope(AddressGate gate, Term term, PrimaryScope? lease)
        {
            (_gate, _term, _lease) = (gate, term, lease);
            _left = CancellationTokenSource.CreateLinkedTokenSource(term.Lost, lease?.Lost ?? CancellationToken.None);
            Lost = _left.Token;
        }

        public override long? Token => _lease?.Token;

        public override string? Lineage => _lease?.Lineage;

        public override CancellationToken Lost { get; }

        public override bool IsPrimary => !_term.IsOver && _gate.Holds && _lease is not { IsPrimary: false } && !Lost.IsCancellationRequested;

        public override async ValueTask DisposeAsync()
        {
            if (Interlocked.Exchange(ref _isLeft, 1) != 0)
            {
                return;
            }

            try
            {
                await _left.CancelAsync().ConfigureAwait(false);
            }
            finally
            {
                // Whatever those throw who listen.
                _left.Dispose();
                Interlocked.Decrement(ref _gate._users);
                if (_lease is not null)
                {
                    await _lease.DisposeAsync().ConfigureAwait(false);
                }
            }
        }
    }
}
