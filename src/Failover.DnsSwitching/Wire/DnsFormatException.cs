namespace Failover.DnsSwitching.Wire;

/// <summary>A message that is none: cut off, too long, or turned in circles.</summary>
internal sealed class DnsFormatException(string message) : Exception(message);
