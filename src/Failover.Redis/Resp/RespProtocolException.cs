namespace Failover.Redis.Resp;

/// <summary>What came is no RESP2, or more than an answer may hold. The message holds nothing of what came. The connection cannot be used any more.</summary>
/// <param name="message">Which rule it broke.</param>
internal sealed class RespProtocolException(string message) : Exception(message);
