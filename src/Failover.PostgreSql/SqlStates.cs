namespace Failover.PostgreSql;

/// <summary>The error codes of PostgreSQL that say something of a node (appendix A of its manual).</summary>
internal static class SqlStates
{
    internal const string ReadOnlyTransaction = "25006";
    internal const string QueryCanceled = "57014";
    internal const string AdminShutdown = "57P01";
    internal const string CrashShutdown = "57P02";
    internal const string CannotConnectNow = "57P03";
    internal const string SerializationFailure = "40001";
    internal const string DeadlockDetected = "40P01";

    /// <summary>Whether the node says that it cannot take this now, and another one may.</summary>
    internal static bool IsOfTheNode(string? sqlState) =>
        sqlState is ReadOnlyTransaction or AdminShutdown or CrashShutdown or CannotConnectNow || sqlState?.StartsWith("08", StringComparison.Ordinal) == true;

    /// <summary>Says a code in words, where it is one that people meet here.</summary>
    internal static string Say(string? sqlState) => sqlState switch
    {
        ReadOnlyTransaction => "read-only (25006)",
        AdminShutdown => "it is shutting down (57P01)",
        CrashShutdown => "it is restarting after a crash (57P02)",
        CannotConnectNow => "it is starting up or shutting down (57P03)",
        "28P01" => "the password is wrong (28P01)",
        "28000" => "the user may not connect (28000)",
        "3D000" => "the database does not exist (3D000)",
        "42501" => "the user lacks a right (42501)",
        "53300" => "too many connections (53300)",
        "55P03" => "a lock was not to be had in time (55P03)",
        _ => sqlState ?? "no code",
    };
}
