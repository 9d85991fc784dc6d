using Failover.Http.Telemetry;

namespace Failover.Http.Neighbours;

/// <summary>What stands inside a <see cref="FailoverHandler"/>, down to the network; looked at before its first request.</summary>
internal static class HandlerChain
{
    /// <exception cref="InvalidOperationException">Another handler of the same group stands inside: each would send what the other has sent already, and take the other's last answer for its first member's.</exception>
    internal static void Settle(FailoverHandler outer)
    {
        HttpMessageHandler? inner = outer.InnerHandler;
        for (; inner is DelegatingHandler { InnerHandler: var next }; inner = next)
        {
            if (inner is FailoverHandler other && ReferenceEquals(other.Group, outer.Group))
            {
                throw new InvalidOperationException($"Two {nameof(FailoverHandler)}s of the group {outer.Group.Name} stand in one chain: take one away.");
            }
        }

        if (inner is SocketsHttpHandler sockets)
        {
            ResendPropagator.Attach(sockets);
        }
    }
}
