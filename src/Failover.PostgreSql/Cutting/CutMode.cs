namespace Failover.PostgreSql.Cutting;

/// <summary>How connections that are in use on a node are cut from the side.</summary>
internal enum CutMode
{
    /// <summary>Not at all: whoever waits is left alone with Npgsql's own timeouts.</summary>
    None,

    /// <summary>By the process's table of open files: every socket to the node's address. Linux and macOS.</summary>
    Sockets,

    /// <summary>By a stream of ours under each connection.</summary>
    Stream,
}
