namespace Failover.Http;

/// <summary>
/// Settings for the connections of clients that use a group: <c>AddHttpClient(…).AddFailover(…)</c> over a <see cref="SocketsHttpHandler"/>. What that handler sets itself is in force. Changes are seen by connection pools that are made
/// after them: after the next switchover, or with the next handler that <c>IHttpClientFactory</c> makes.
/// </summary>
public sealed class HttpConnectionOptions
{
    /// <summary>Gets or sets how long it may take to connect: name, TCP, TLS. A request that could not be sent in this time goes to the next member, whatever its method.</summary>
    /// <value>The default is 1 second, where <see cref="SocketsHttpHandler.ConnectTimeout"/> has no limit; from 100 milliseconds to 10 minutes.</value>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets or sets how long a connection is used for new requests, so that a member whose name gets another address is found there. Requests in flight on an older one end in peace.</summary>
    /// <value>The default is 2 minutes, the default of <c>IHttpClientFactory</c>; from 1 second to 24 hours.</value>
    public TimeSpan PooledLifetime { get; set; } = TimeSpan.FromMinutes(2);
}
