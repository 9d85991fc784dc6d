namespace Failover.PostgreSql.Cutting;

/// <summary>How long a call whose time is up is given to end by itself.</summary>
internal sealed record CutSettings
{
    /// <summary>How long the server has to answer a cancel request before the socket is cut.</summary>
    internal TimeSpan Grace { get; init; } = TimeSpan.FromMilliseconds(60);

    /// <summary>How long a cancel request may take. Nobody waits for it but the next command on its connection.</summary>
    internal TimeSpan CancelLimit { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Whether a server is asked to cancel what a token or a timeout ends. Without it every such call costs its connection.</summary>
    internal bool SoftCancel { get; init; } = true;
}
