using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Failover.DnsSwitching.Cloudflare;

/// <summary>A name as it was read: what it looks like, and the records that make it so.</summary>
/// <param name="State">What it looks like.</param>
/// <param name="Values">The records of its addresses, or of its alias.</param>
/// <param name="Owners">The TXT records that tell who moved it, the latest first.</param>
internal sealed record CloudflareName(DnsRecordState State, IReadOnlyList<CloudflareRecord> Values, IReadOnlyList<CloudflareRecord> Owners)
{
    internal IEnumerable<string?> Ids => Values.Concat(Owners).Select(static record => record.Id);

    /// <summary>Makes a name of all records of it and of its owner; false if one of them is none that could be switched.</summary>
    internal static bool TryRead(string name, IEnumerable<CloudflareRecord?> ofName, IEnumerable<CloudflareRecord?> ofOwner, [NotNullWhen(true)] out CloudflareName? read)
    {
        // Whatever the server takes for the filter, only the records of these names count.
        CloudflareRecord[] values = [.. Of(name, ofName).Where(static record => record.Type is "A" or "AAAA" or "CNAME")];
        CloudflareRecord[] owners = [.. Of(DnsOwner.RecordOf(name), ofOwner).Where(static record => record.Type == "TXT").OrderByDescending(ModifiedOf).ThenBy(static record => record.Content, StringComparer.Ordinal)];
        DnsValue?[] parsed = [.. values.Select(static record => DnsValue.TryParse(record.Content, out DnsValue? value) && TypeOf(value) == record.Type ? value : null)];
        if (parsed.Contains(null) || values.Concat(owners).Any(static record => record.Id is null))
        {
            read = null;
            return false;
        }

        TimeSpan? timeToLive = values.Length == 0 ? null : values.Max(static record => record.TimeToLive);
        read = new(new(name, DnsValues.Of(parsed.OfType<DnsValue>()), timeToLive, TextOf(owners), IsProxied: values.Any(static record => record.Proxied == true)), values, owners);
        return true;
    }

    internal static string TypeOf(DnsValue value) => value.Kind == DnsRecordKind.CName ? "CNAME" : value.Kind.ToString();

    private static IEnumerable<CloudflareRecord> Of(string name, IEnumerable<CloudflareRecord?> records) =>
        records.OfType<CloudflareRecord>().Where(record => DnsName.TryParse(record.Name, out string? its) && its == name);

    /// <summary>Two that move a name for the first time may each post an owner. The later one moved it last; the next move takes the other away.</summary>
    private static string? TextOf(CloudflareRecord[] owners)
    {
        string[] texts = [.. owners.Select(static owner => Printable(Unquoted(owner.Content ?? "")))];
        return texts.All(static text => DnsOwner.Parse(text) is not null) ? texts.FirstOrDefault()
            : texts is [var only] ? only
            : string.Join(", ", texts.Select(static text => $"\"{text}\"").Order(StringComparer.Ordinal));
    }

    private static DateTimeOffset ModifiedOf(CloudflareRecord record) =>
        DateTimeOffset.TryParse(record.ModifiedOn, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset at) ? at : default;

    /// <summary>The API gives a text as it was written: in quotes or without. Of several strings it is nobody's whom we know.</summary>
    private static string Unquoted(string content) => content is ['"', .. var inner, '"'] && !inner.AsSpan().ContainsAny('"', '\\') ? inner : content;

    private static string Printable(string text) => string.Concat(text.Select(static one => one is >= ' ' and < (char)0x7F ? one : '?'));
}
