using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;
using Failover.Etcd.Client;

namespace Failover.Etcd.Arbitration;

/// <summary>A lease of etcd: what is written under it goes when it runs out.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Ttl">How long it lasts, from when it was granted.</param>
internal readonly record struct EtcdLease(long Id, TimeSpan Ttl)
{
    internal const string GrantPath = "v3/lease/grant";
    internal const string RevokePath = "v3/lease/revoke";
    internal const string TimeToLivePath = "v3/lease/timetolive";

    /// <summary>The id of the lease that an attempt begins with: whoever knows the attempt can revoke it.</summary>
    internal static long IdOf(Guid attempt)
    {
        Span<byte> bytes = stackalloc byte[16];
        attempt.TryWriteBytes(bytes);
        long id = BinaryPrimitives.ReadInt64LittleEndian(bytes) ^ BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]);

        // Zero would let etcd choose.
        return Math.Max(1, id & long.MaxValue);
    }

    /// <param name="id">Its id; 0 lets etcd choose.</param>
    /// <param name="ttl">How long it shall last. etcd counts in whole seconds.</param>
    internal static byte[] Grant(long id, TimeSpan ttl) => EtcdMessages.Write((id, ttl), static (json, given) =>
    {
        json.WriteString("ID", given.id.ToString(CultureInfo.InvariantCulture));
        json.WriteString("TTL", Seconds(given.ttl).ToString(CultureInfo.InvariantCulture));
    });

    /// <summary>The message for <see cref="RevokePath"/> and <see cref="TimeToLivePath"/>.</summary>
    internal static byte[] Name(long id) => EtcdMessages.Write(id, static (json, id) => json.WriteString("ID", id.ToString(CultureInfo.InvariantCulture)));

    /// <summary>Reads the answer to <see cref="Grant"/>. etcd may grant more than was asked for, as it has a minimum; never less.</summary>
    /// <exception cref="EtcdException">It is not what was asked for.</exception>
    internal static EtcdLease ReadGrant(long id, TimeSpan asked, JsonElement answer)
    {
        EtcdMessages.Revision(answer);
        (long granted, long ttl) = (EtcdMessages.Int64(answer, "ID"), EtcdMessages.Int64(answer, "TTL"));
        return granted > 0 && (id == 0 || granted == id) && ttl >= Seconds(asked) ? new(granted, Time(ttl)) : throw EtcdMessages.Unreadable();
    }

    /// <summary>Reads from the answer about a lease how long it lasts at least; null if it is over, which is told by -1.</summary>
    /// <exception cref="EtcdException">It cannot be read.</exception>
    internal static TimeSpan? ReadLeft(JsonElement answer)
    {
        EtcdMessages.Revision(answer);
        return EtcdMessages.Int64(answer, "TTL") is >= 0 and var left ? Time(left) : null;
    }

    internal static long Seconds(TimeSpan duration) => (long)Math.Ceiling(duration.TotalSeconds);

    private static TimeSpan Time(long seconds) => TimeSpan.FromSeconds(Math.Min(seconds, int.MaxValue));
}
