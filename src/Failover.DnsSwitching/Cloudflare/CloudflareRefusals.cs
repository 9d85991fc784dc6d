namespace Failover.DnsSwitching.Cloudflare;

/// <summary>What a refusal means.</summary>
internal static class CloudflareRefusals
{
    /// <summary>No record has this id.</summary>
    internal const int Gone = 81044;

    /// <summary>The records are not as they were read, or what is to stand there cannot stand beside something else.</summary>
    private static readonly int[] OfState = [Gone, 81053, 81054, 81055, 81056, 81057, 81058];

    private static readonly int[] OfToken = [10000, 10001, 9103, 9106, 9107, 9109, 6003, 6111];
    private static readonly int[] OfZone = [7000, 7003, 1001];

    internal static bool IsOfState(CloudflareReply.Refused refused) => refused.Codes.Any(OfState.Contains);

    /// <summary>Says it in words.</summary>
    /// <param name="refused">What it answered.</param>
    /// <param name="where">Who answered.</param>
    /// <param name="what">What was asked for: <c>change www.example.com</c>.</param>
    internal static string WordsOf(CloudflareReply.Refused refused, string where, string what) =>
        IsOfToken(refused) ? $"{where} refuses to {what} ({refused.Words}). Possible causes: the API token is another one, was rolled, or has expired; it lacks the permission DNS: Edit for this zone; or it is not for this address."
        : refused.Codes.Any(OfZone.Contains) ? $"{where} refuses to {what} ({refused.Words}): there is no zone with this id, or the API token does not see it."
        : $"{where} refuses to {what} ({refused.Words}).";

    private static bool IsOfToken(CloudflareReply.Refused refused) => refused.Status is 401 or 403 || refused.Codes.Any(OfToken.Contains);
}
