using Failover.DnsSwitching.Wire;

namespace Failover.DnsSwitching.Rfc2136;

/// <summary>Asks a name server what it knows by itself: recursion is not desired.</summary>
internal sealed record DnsQuestion(string Name, ushort Type)
{
    internal DnsWriter ToMessage(ushort id) =>
        new DnsWriter().Short(id).Short(0).Short(1).Short(0).Short(0).Short(0).Name(Name).Short(Type).Short(DnsType.Internet);
}
