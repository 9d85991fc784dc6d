namespace Failover.HealthChecks.Peers;

/// <summary>The nonces of the requests that were let in, each for as long as its request could be sent again. As many as can be kept; beyond that, nobody is let in.</summary>
internal sealed class SeenNonces(int most)
{
    private readonly Lock _gate = new();
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly Queue<(string Nonce, TimeSpan Until)> _inOrder = new();

    /// <summary>Keeps a nonce; false if it was seen, or there is no room.</summary>
    /// <param name="nonce">The nonce.</param>
    /// <param name="now">The time on a monotonic clock.</param>
    /// <param name="keep">For how long; the same each time.</param>
    internal bool TryAdd(string nonce, TimeSpan now, TimeSpan keep)
    {
        lock (_gate)
        {
            while (_inOrder.TryPeek(out (string Nonce, TimeSpan Until) oldest) && oldest.Until < now)
            {
                _seen.Remove(_inOrder.Dequeue().Nonce);
            }

            if (_seen.Count >= most || !_seen.Add(nonce))
            {
                return false;
            }

            _inOrder.Enqueue((nonce, now + keep));
            return true;
        }
    }
}
