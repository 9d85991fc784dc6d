namespace Failover.Aws.Api;

/// <summary>A call to AWS that failed. Its message is for people, and bears no secret.</summary>
internal sealed class AwsException(AwsFault fault, string message, string? code = null) : Exception(message)
{
    /// <summary>Gets what is known of it.</summary>
    internal AwsFault Fault { get; } = fault;

    /// <summary>Gets whether a batch has a set that may not stand where it is to: in the zone, or beside others.</summary>
    internal bool IsNotPermitted { get; init; }

    /// <summary>Gets what AWS calls it; null if AWS said nothing.</summary>
    internal string? Code { get; } = code;
}
