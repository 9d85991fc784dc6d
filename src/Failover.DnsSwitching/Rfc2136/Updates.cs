using Failover.DnsSwitching.Wire;

namespace Failover.DnsSwitching.Rfc2136;

/// <summary>The two messages that are sent to change a name, and to prove that it could be changed.</summary>
internal static class Updates
{
    /// <summary>The compare-and-swap: values and owner at once, if both are as they were. It compares whole sets, since a server takes a part of one for another set.</summary>
    internal static DnsUpdate Of(string zone, string name, DnsChange change)
    {
        DnsUpdate update = new(zone);
        string owner = DnsOwner.RecordOf(name);
        uint ttl = (uint)change.TimeToLive.TotalSeconds;
        update.Require(owner, DnsType.Txt, change.From.OwnerText is { } before ? [RecordData.OfText(before)] : []);
        foreach (DnsRecordKind kind in RecordData.Kinds)
        {
            update.Require(name, RecordData.TypeOf(kind), RecordData.Of(change.From.Values, kind));
        }

        // Servers pass over an alias beside anything else and say that it was done, with the addresses gone.
        if (change.Values is [{ Kind: DnsRecordKind.CName }])
        {
            RequireNoOthers(update, name);
        }

        // All that goes, goes first: as long as an alias stands there, an address beside it is passed over, too.
        foreach (DnsRecordKind kind in RecordData.Kinds.Where(kind => change.From.Values.OfKind(kind).Any()))
        {
            update.Delete(name, RecordData.TypeOf(kind));
        }

        foreach (DnsRecordKind kind in RecordData.Kinds)
        {
            update.Add(name, RecordData.TypeOf(kind), ttl, RecordData.Of(change.Values, kind));
        }

        return update.Delete(owner, DnsType.Txt).Add(owner, DnsType.Txt, ttl, RecordData.OfText(change.Owner.ToString()));
    }

    /// <summary>Changes nothing: what comes of it says whether an alias could stand there.</summary>
    internal static DnsUpdate Question(string zone, string name) => RequireNoOthers(new(zone), name);

    private static DnsUpdate RequireNoOthers(DnsUpdate update, string name)
    {
        foreach (ushort type in DnsType.CommonOthers)
        {
            update.Require(name, type);
        }

        return update;
    }

    /// <summary>A real change under conditions that exclude each other. Without a change in it BIND does not look for the grant.</summary>
    internal static DnsUpdate Impossible(string zone, string name, DnsValues values)
    {
        DnsUpdate update = new DnsUpdate(zone).RequireAny(name, DnsType.A).Require(name, DnsType.A);
        foreach (DnsRecordKind kind in RecordData.Kinds.Where(kind => values.OfKind(kind).Any()))
        {
            update.Delete(name, RecordData.TypeOf(kind)).Add(name, RecordData.TypeOf(kind), 0, RecordData.Of(values, kind));
        }

        string owner = DnsOwner.RecordOf(name);
        return update.Delete(owner, DnsType.Txt).Add(owner, DnsType.Txt, 0, RecordData.OfText(new DnsOwner("probe", null, "none").ToString()));
    }
}
