namespace Failover.DnsSwitching;

/// <summary>Settings of a zone at Cloudflare.</summary>
public sealed class CloudflareOptions
{
    /// <summary>Gets or sets the id of the zone that holds the name, as its overview in the dashboard shows it. It is no secret.</summary>
    /// <value>It must be set, to 32 hexadecimal digits.</value>
    public string ZoneId { get; set; } = "";

    /// <summary>Gets or sets an API token with the permission <c>DNS: Edit</c> for this zone, and nothing else. It is shown nowhere.</summary>
    /// <value>It must be set.</value>
    public string ApiToken { get; set; } = "";

    /// <summary>Gets or sets where the API is.</summary>
    /// <value>The default is <c>https://api.cloudflare.com/client/v4</c>; https, or http on this machine.</value>
    public string BaseUrl { get; set; } = "https://api.cloudflare.com/client/v4";

    /// <summary>
    /// Gets or sets whether a change replaces records in the place of editing them: it deletes them by the ids that were read and posts new ones, in one batch. Of two apps that do so one wins, since the ids of the other are gone.
    /// All that may move the name must have the same setting. An edit by hand keeps the id, and is not seen so.
    /// </summary>
    /// <value>The default is false: that a batch fails as a whole where a record is gone was not seen on the real service. The probe at the start asks it.</value>
    public bool UseBatch { get; set; }

    /// <summary>Gets or sets the shortest time to live that the zone's plan allows: a shorter one is raised to it. Records that are proxied have none of their own.</summary>
    /// <value>The default is 60 seconds; from 30 seconds, which only Enterprise plans allow, to 1 day, in whole seconds.</value>
    public TimeSpan MinimumTimeToLive { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Gets or sets how long a change may take in all, with reading before and after; and a reading by itself. A part of it is kept for reading after an answer that was lost.</summary>
    /// <value>The default is 10 seconds; from 1 second to 1 minute.</value>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);
}
