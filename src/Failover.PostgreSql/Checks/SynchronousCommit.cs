namespace Failover.PostgreSql.Checks;

/// <summary>Whether commits get what <c>synchronous_standby_names</c> asks for.</summary>
internal enum SynchronousCommit
{
    /// <summary>Commits wait for no standby.</summary>
    Off,

    /// <summary>As many standbys answer as commits wait for.</summary>
    Satisfied,

    /// <summary>Fewer do: commits wait until one comes back.</summary>
    NotSatisfied,

    /// <summary>Commits wait for standbys, and the user may not see whether they are there.</summary>
    NotKnown,
}
