namespace Failover;

/// <summary>How long a lease lasts, and how carefully its holder counts.</summary>
public sealed class LeaseOptions
{
    /// <summary>
    /// Gets or sets how long a lease is kept for a holder that is not heard of: how long it takes until another may follow one that died. It is renewed each third of it.
    /// </summary>
    /// <value>The default is 15 seconds, as that of Kubernetes' own leases; from 1 second to 10 minutes, in whole seconds for stores that count so (etcd, Kubernetes), which round up.</value>
    public TimeSpan Duration { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Gets or sets by how much earlier than the store the holder takes its lease for over: for clocks that do not run at the same rate, and for the time that what it does takes to stop. A work that needs longer to stop needs a longer margin.
    /// </summary>
    /// <value>The default is null: a tenth of <see cref="Duration"/>, which covers two clocks whose rates differ by a tenth; else from a hundredth of it to a half.</value>
    public TimeSpan? Margin { get; set; }

    /// <summary>Gets or sets how often a lease that another holds is asked for at least, whatever the store tells of it in between, and how long to wait after an ask that failed.</summary>
    /// <value>The default is 2 seconds; from 100 milliseconds to 1 minute.</value>
    public TimeSpan RetryInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Gets or sets the name of this host, as others see it in the store, and as a fence is told whom to fence. Two processes of one name do not hold a lease together all the same.</summary>
    /// <value>The default is the machine's name; from 1 to 200 characters.</value>
    public string Holder { get; set; } = Environment.MachineName;

    /// <summary>Gets the margin in force.</summary>
    internal TimeSpan EffectiveMargin => Margin ?? Duration / 10;
}
