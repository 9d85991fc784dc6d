using Failover.DnsSwitching.Wire;

namespace Failover.DnsSwitching.Rfc2136;

/// <summary>A change of a zone (RFC 2136): what must be true for it, and what is done then, all of it or nothing.</summary>
internal sealed class DnsUpdate(string zone)
{
    private const ushort Opcode = 5 << 11;

    private readonly List<DnsRecord> _prerequisites = [];
    private readonly List<DnsRecord> _changes = [];

    /// <summary>Requires that a name has just these records of a type, whatever their TTL; none: that it has none of the type.</summary>
    internal DnsUpdate Require(string name, ushort type, params IReadOnlyCollection<byte[]> data)
    {
        if (data.Count == 0)
        {
            _prerequisites.Add(new(name, type, DnsType.None, 0, default));
        }

        _prerequisites.AddRange(data.Select(one => new DnsRecord(name, type, DnsType.Internet, 0, one)));
        return this;
    }

    /// <summary>Requires that a name has records of a type.</summary>
    internal DnsUpdate RequireAny(string name, ushort type)
    {
        _prerequisites.Add(new(name, type, DnsType.AnyClass, 0, default));
        return this;
    }

    /// <summary>Deletes all that a name has of a type. The steps are taken in the order in which they were added.</summary>
    internal DnsUpdate Delete(string name, ushort type)
    {
        _changes.Add(new(name, type, DnsType.AnyClass, 0, default));
        return this;
    }

    /// <summary>Adds records to those that a name has of a type.</summary>
    internal DnsUpdate Add(string name, ushort type, uint ttl, params IEnumerable<byte[]> data)
    {
        _changes.AddRange(data.Select(one => new DnsRecord(name, type, DnsType.Internet, ttl, one)));
        return this;
    }

    internal DnsWriter ToMessage(ushort id)
    {
        DnsWriter message = new DnsWriter().Short(id).Short(Opcode).Short(1).Short((ushort)_prerequisites.Count).Short((ushort)_changes.Count).Short(0);
        message.Name(zone).Short(DnsType.Soa).Short(DnsType.Internet);
        foreach (DnsRecord record in _prerequisites.Concat(_changes))
        {
            message.Record(record);
        }

        return message;
    }
}
