namespace Failover.Redis.Resp;

/// <summary>A server answered with an error. The message is one line of bounded length, and holds no password.</summary>
/// <param name="kind">The first word of it: <c>READONLY</c>, <c>NOAUTH</c>, <c>ERR</c>.</param>
/// <param name="message">All that may be shown of it.</param>
internal sealed class RespErrorException(string kind, string message) : Exception(message)
{
    /// <summary>Gets the first word of the error.</summary>
    internal string Kind => kind;
}
