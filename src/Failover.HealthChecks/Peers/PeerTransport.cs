namespace Failover.HealthChecks.Peers;

/// <summary>The connections to peers. Nothing of the app goes with a request: no cookies, no credentials, no traces, no proxy; redirects are not followed.</summary>
internal sealed class PeerTransport(HttpMessageHandler handler) : IDisposable
{
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(2);

    internal PeerTransport()
        : this(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ActivityHeadersPropagator = null,
            MaxConnectionsPerServer = 2,
            MaxResponseHeadersLength = 16,
            MaxResponseDrainSize = 0,

            // A name that moves to another address is followed.
            PooledConnectionLifetime = ConnectionLifetime,
        })
    {
    }

    internal HttpMessageInvoker Invoker { get; } = new(handler);

    public void Dispose() => Invoker.Dispose();
}
