using Failover.PostgreSql;

namespace Failover.EntityFrameworkCore.Execution;

/// <summary>Says what became of work.</summary>
internal static class Tell
{
    internal static OutcomeUnknownException Unknown(Exception cause) =>
        new("The connection was lost, or given up, while the changes may have been committed: look whether they were before they are made again.", cause);

    internal static NotExecutedException NotExecuted(Exception cause) =>
        new("The node failed, or is not the primary any more, and nothing was committed: it may be done again. A transaction that it stood in is rolled back.", cause);
}
