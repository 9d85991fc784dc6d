namespace Failover.TestServers.Resp;

/// <summary>An error as an answer: <c>READONLY You can't write against a read only replica.</c></summary>
/// <param name="Message">All of it; the first word is the kind.</param>
public sealed record RespError(string Message);
