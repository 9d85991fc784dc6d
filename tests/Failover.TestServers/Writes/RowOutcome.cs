namespace Failover.TestServers.Writes;

/// <summary>What the client under test said of a row.</summary>
public enum RowOutcome
{
    /// <summary>It was written.</summary>
    Acknowledged,

    /// <summary>It was not written, for certain.</summary>
    Failed,

    /// <summary>It may or may not have been written.</summary>
    Unknown,
}
