namespace Failover.DnsSwitching.Wire;

/// <summary>A record as it stands in a message.</summary>
/// <param name="Name">Its name, in lower case without the last dot.</param>
/// <param name="Type">Its type: <see cref="DnsType"/>.</param>
/// <param name="Class">Its class; in an update it says what is to be done.</param>
/// <param name="Ttl">How long it may be kept, in seconds.</param>
/// <param name="Data">What it holds, in the form of its type.</param>
internal sealed record DnsRecord(string Name, ushort Type, ushort Class, uint Ttl, ReadOnlyMemory<byte> Data);
