using Microsoft.Extensions.Configuration;

namespace Failover.PostgreSql.Patroni;

/// <summary>The keys of <see cref="PatroniOptions"/> within the options of a group: <c>Patroni:Endpoints</c> and so on, and the rules for their values.</summary>
internal static class PatroniKeys
{
    private const string Prefix = "Patroni";

    /// <summary>Adds them to a table of keys.</summary>
    /// <param name="keys">The table.</param>
    /// <param name="of">Gets the part of the options.</param>
    internal static OptionsKeys<TOptions> AddPatroni<TOptions>(this OptionsKeys<TOptions> keys, Func<TOptions, PatroniOptions> of)
        where TOptions : class, new() => keys
            .Flag($"{Prefix}:Enabled", o => of(o).Enabled, (o, v) => of(o).Enabled = v)
            .Section($"{Prefix}:Endpoints", ["", "*"], (section, options, _) => of(options).Endpoints = ListOf(section))
            .Time($"{Prefix}:Interval", o => of(o).Interval, (o, v) => of(o).Interval = v, TimeSpan.FromMilliseconds(200), TimeSpan.FromHours(1))
            .Time($"{Prefix}:Timeout", o => of(o).Timeout, (o, v) => of(o).Timeout = v, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1))
            .Flag($"{Prefix}:DiscoverMembers", o => of(o).DiscoverMembers, (o, v) => of(o).DiscoverMembers = v)
            .Section($"{Prefix}:AllowedMembers", ["", "*"], (section, options, _) => of(options).AllowedMembers = ListOf(section))
            .Text($"{Prefix}:CertificateAuthorityPath", o => of(o).CertificateAuthorityPath, (o, v) => of(o).CertificateAuthorityPath = v)
            .Rule((options, check) => Check(of(options), check));

    private static void Check(PatroniOptions options, OptionsCheck check)
    {
        for (int i = 0; i < options.Endpoints.Count; i++)
        {
            string? given = options.Endpoints[i];
            if (!Uri.TryCreate(given, UriKind.Absolute, out Uri? uri) || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps) || uri.Host.Length == 0)
            {
                check.Refuse($"{Prefix}:Endpoints:{i}", given, "must be an address with http or https, like http://pg-a:8008");
            }
            else if (uri.UserInfo.Length > 0)
            {
                check.Refuse($"{Prefix}:Endpoints:{i}", "must not carry user information: Patroni asks nobody who he is for what is read here");
            }
            else if (uri.PathAndQuery != "/" || uri.Fragment.Length > 0)
            {
                check.Refuse($"{Prefix}:Endpoints:{i}", given, "must be without a path, a query and a fragment");
            }
        }

        for (int i = 0; i < options.AllowedMembers.Count; i++)
        {
            if (AllowedMembers.WhyNot(options.AllowedMembers[i]) is { } whyNot)
            {
                check.Refuse($"{Prefix}:AllowedMembers:{i}", options.AllowedMembers[i], whyNot);
            }
        }
    }

    /// <summary>One value may hold several, apart by commas, as environment variables do.</summary>
    private static List<string> ListOf(IConfigurationSection section) => section.Value is { Length: > 0 } one
        ? [.. one.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)]
        : [.. section.GetChildren().Select(static entry => entry.Value ?? "")];
}
