namespace Failover.TestServers.Resp;

/// <summary>A server answered with an error; the message is the server's.</summary>
public sealed class RespException(string message) : Exception(message);
