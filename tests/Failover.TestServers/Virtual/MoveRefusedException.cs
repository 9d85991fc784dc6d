namespace Failover.TestServers.Virtual;

/// <summary>An app refuses to move the address; the message says why.</summary>
public sealed class MoveRefusedException(string message) : Exception(message);
