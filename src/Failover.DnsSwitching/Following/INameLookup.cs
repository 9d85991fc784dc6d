namespace Failover.DnsSwitching.Following;

/// <summary>Looks one name up. For one caller of each method at a time.</summary>
internal interface INameLookup
{
    /// <summary>Asks the name servers if there are any, else the system's resolver. It throws for nothing but a cancellation.</summary>
    Task<NameAnswer> AskAsync(CancellationToken cancellationToken);

    /// <summary>Asks the system's resolver: what those find who connect by it.</summary>
    Task<NameAnswer> AskSystemAsync(CancellationToken cancellationToken);
}
