namespace Failover.PostgreSql.Cutting;

/// <summary>What the server last said of a connection's transaction.</summary>
internal enum TransactionStatus
{
    Unknown,
    Idle,
    InTransaction,
    Failed,
}
