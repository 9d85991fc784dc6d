namespace Failover.DnsSwitching.Cloudflare;

/// <summary>The keys of <see cref="CloudflareOptions"/>, and the rules for their values.</summary>
internal static class CloudflareKeys
{
    private const int ZoneIdLength = 32;
    private const int ShortestToken = 20;
    private const int LongestToken = 256;

    internal static readonly OptionsKeys<CloudflareOptions> Table = new OptionsKeys<CloudflareOptions>()
        .Text("ZoneId", o => o.ZoneId, (o, v) => o.ZoneId = v ?? "")
        .Text("ApiToken", o => o.ApiToken, (o, v) => o.ApiToken = v ?? "")
        .Text("BaseUrl", o => o.BaseUrl, (o, v) => o.BaseUrl = v ?? "")
        .Flag("UseBatch", o => o.UseBatch, (o, v) => o.UseBatch = v)
        .Time("MinimumTimeToLive", o => o.MinimumTimeToLive, (o, v) => o.MinimumTimeToLive = v, TimeSpan.FromSeconds(30), TimeSpan.FromDays(1))
        .Time("Timeout", o => o.Timeout, (o, v) => o.Timeout = v, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1))
        .Fixed("ZoneId").Fixed("ApiToken").Fixed("BaseUrl").Fixed("UseBatch").Fixed("MinimumTimeToLive").Fixed("Timeout")
        .Rule(Check);

    private static void Check(CloudflareOptions options, OptionsCheck check)
    {
        // Not shown: a token may have been put in its place.
        if (options.ZoneId is not { Length: ZoneIdLength } zone || !zone.All(char.IsAsciiHexDigitLower))
        {
            check.Refuse("ZoneId", $"must be the id of the zone, {ZoneIdLength} digits from 0 to f, as its overview in the dashboard shows it");
        }

        if (options.ApiToken is not { Length: >= ShortestToken and <= LongestToken } token || token.Any(static one => one is <= ' ' or >= (char)0x7F))
        {
            check.Refuse("ApiToken", $"must be an API token, {ShortestToken} to {LongestToken} characters without spaces, and without the word Bearer");
        }

        // In the clear the token would be for everyone on the way.
        if (!Uri.TryCreate(options.BaseUrl, UriKind.Absolute, out Uri? url) || (url.Scheme != Uri.UriSchemeHttps && !(url.Scheme == Uri.UriSchemeHttp && url.IsLoopback)) || url.UserInfo.Length + url.Query.Length + url.Fragment.Length > 0)
        {
            check.Refuse("BaseUrl", "must be an https address without user and query, like https://api.cloudflare.com/client/v4, or http on this machine");
        }

        if (options.MinimumTimeToLive.Ticks % TimeSpan.TicksPerSecond != 0 && !check.IsRefused("MinimumTimeToLive"))
        {
            check.Refuse("MinimumTimeToLive", options.MinimumTimeToLive, "must be whole seconds");
        }
    }
}
