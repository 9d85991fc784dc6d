namespace Failover.AspNetCore;

/// <summary>How the node leaves, in <c>Failover:Draining</c>. All of it may change while the app runs.</summary>
public sealed class DrainingOptions
{
    /// <summary>
    /// Gets or sets how long a shutdown goes on serving, while the health endpoints say 503: long enough for whoever probes them to have noticed, its period times its threshold. At most four fifths of <c>HostOptions.ShutdownTimeout</c>,
    /// for requests in flight need time after it; a longer one is cut to that, and the log says so.
    /// </summary>
    /// <value>The default is null: 5 seconds, and none in the environment Development. From 0 to 10 minutes.</value>
    public TimeSpan? Hold { get; set; }

    /// <summary>Gets or sets for how long clients are told to stay away: the seconds in the header <c>Failover-Drain</c> of each answer while the node drains. A client whose probe finds the node well sooner may come back.</summary>
    /// <value>The default is 60 seconds; from 1 second to 1 minute.</value>
    public TimeSpan StayAway { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Gets or sets the path of a file: as long as it exists, the node drains. A relative path begins at the content root.</summary>
    /// <value>The default is null: none.</value>
    public string? File { get; set; }

    /// <summary>Gets or sets how often is looked for the file.</summary>
    /// <value>The default is 1 second; from 100 milliseconds to 1 minute.</value>
    public TimeSpan FilePeriod { get; set; } = TimeSpan.FromSeconds(1);
}
