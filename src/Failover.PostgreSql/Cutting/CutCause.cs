namespace Failover.PostgreSql.Cutting;

/// <summary>Why we cut a connection.</summary>
internal enum CutCause
{
    None,

    /// <summary>A token or a timeout ended the call, and the server did not answer within the grace.</summary>
    TimeUp,

    /// <summary>This connection alone was to be cut.</summary>
    Asked,

    /// <summary>The node was left.</summary>
    NodeLeft,
}
