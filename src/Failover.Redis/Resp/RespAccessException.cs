namespace Failover.Redis.Resp;

/// <summary>The application could not say with which credentials, or by which rules of TLS, to connect. What it threw is not kept: its message may hold a secret.</summary>
/// <param name="message">What failed, with the name of the type that was thrown.</param>
internal sealed class RespAccessException(string message) : IOException(message);
