namespace Failover.Keepalived;

/// <summary>What this node tells keepalived of itself: a number that is added to its priority. The more the fitter; nothing at all counts as <see cref="Unproven"/>.</summary>
public enum Credit
{
    /// <summary>Not known to be fit: 0. The node has the address only if nobody else is fitter.</summary>
    Unproven,

    /// <summary>Fit, and leaves the address to a peer that is ready: 100.</summary>
    Hold,

    /// <summary>Fit: 200.</summary>
    Ready,

    /// <summary>Not fit, while the peer is: -254, by which keepalived gives the address up at once.</summary>
    Fault,
}
