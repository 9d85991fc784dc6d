using System.Net.Security;

namespace Failover.Redis.Resp;

/// <summary>How a connection is made: with which name and password, and whether by TLS.</summary>
/// <param name="Credentials">Gives the credentials; asked for each new connection, so that they may change. Null for none.</param>
/// <param name="Tls">Gives what TLS is to verify for a host; null for connections in clear.</param>
/// <param name="ClientName">What the server is told that the client is called: <c>CLIENT SETNAME</c>. A server that refuses it is used all the same.</param>
internal sealed record RespAccess(Func<CancellationToken, ValueTask<RedisCredentials?>> Credentials, Func<string, SslClientAuthenticationOptions>? Tls, string ClientName)
{
    /// <summary>Gets whether a server that does not know the credentials is asked without: they are meant for others.</summary>
    internal bool MayBeUnknown { get; init; }
}
