namespace Failover.Http.Connections;

/// <summary>
/// Makes a handler that is set up like another one, and has connections of its own. What the other refers to (cookies, TLS options, callbacks) is shared. A test holds it to every property that <see cref="SocketsHttpHandler"/> has.
/// </summary>
internal static class SocketsHandlerCopy
{
    internal static SocketsHttpHandler Of(SocketsHttpHandler given)
    {
        var copy = new SocketsHttpHandler
        {
            ActivityHeadersPropagator = given.ActivityHeadersPropagator,
            AllowAutoRedirect = given.AllowAutoRedirect,
            AutomaticDecompression = given.AutomaticDecompression,
            ConnectCallback = given.ConnectCallback,
            ConnectTimeout = given.ConnectTimeout,
            CookieContainer = given.CookieContainer,
            Credentials = given.Credentials,
            DefaultProxyCredentials = given.DefaultProxyCredentials,
            EnableMultipleHttp2Connections = given.EnableMultipleHttp2Connections,
            EnableMultipleHttp3Connections = given.EnableMultipleHttp3Connections,
            Expect100ContinueTimeout = given.Expect100ContinueTimeout,
            InitialHttp2StreamWindowSize = given.InitialHttp2StreamWindowSize,
            KeepAlivePingDelay = given.KeepAlivePingDelay,
            KeepAlivePingPolicy = given.KeepAlivePingPolicy,
            KeepAlivePingTimeout = given.KeepAlivePingTimeout,
            MaxAutomaticRedirections = given.MaxAutomaticRedirections,
            MaxConnectionsPerServer = given.MaxConnectionsPerServer,
            MaxResponseDrainSize = given.MaxResponseDrainSize,
            MaxResponseHeadersLength = given.MaxResponseHeadersLength,
            MeterFactory = given.MeterFactory,
            PlaintextStreamFilter = given.PlaintextStreamFilter,
            PooledConnectionIdleTimeout = given.PooledConnectionIdleTimeout,
            PooledConnectionLifetime = given.PooledConnectionLifetime,
            PreAuthenticate = given.PreAuthenticate,
            Proxy = given.Proxy,
            RequestHeaderEncodingSelector = given.RequestHeaderEncodingSelector,
            ResponseDrainTimeout = given.ResponseDrainTimeout,
            ResponseHeaderEncodingSelector = given.ResponseHeaderEncodingSelector,
            SslOptions = given.SslOptions,
            UseCookies = given.UseCookies,
            UseProxy = given.UseProxy,
        };
        foreach ((string name, object? value) in given.Properties)
        {
            copy.Properties[name] = value;
        }

        return copy;
    }
}
