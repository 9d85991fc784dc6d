namespace Failover.DnsSwitching.Cloudflare;

/// <summary>What came back from the API.</summary>
internal abstract record CloudflareReply
{
    /// <summary>It was done.</summary>
    internal sealed record Done<T>(T Result, CloudflarePages? Pages) : CloudflareReply;

    /// <summary>It says no, and did nothing.</summary>
    /// <param name="Status">The status of HTTP.</param>
    /// <param name="Codes">Why, as numbers of its own.</param>
    /// <param name="Words">Why, for people: its numbers and words.</param>
    internal sealed record Refused(int Status, IReadOnlyList<int> Codes, string Words) : CloudflareReply;

    /// <summary>It wants fewer requests, and did nothing.</summary>
    internal sealed record Throttled(TimeSpan? After) : CloudflareReply;

    /// <summary>Nothing was sent: nothing was done.</summary>
    internal sealed record NotSent(string Why) : CloudflareReply;

    /// <summary>It was sent, and no answer came that is one: it may have been done, or be done yet.</summary>
    internal sealed record Lost(string Why) : CloudflareReply;
}
