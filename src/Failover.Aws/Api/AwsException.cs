namespace Failover.Aws.Api;

/// <summary>A call to AWS that failed. Its message is for people, and bears no secret.</summary>
internal sealed class AwsException(AwsFault fault, string message, string? code = null) : Exception(message)
{
    /// <summary>Gets what is known of it.</summary>
    internal AwsFault Fault { get; } = fault;

    /// <summary>Gets what AWS calls it; null if AWS said nothing.</summary>
    internal string? Code { get; } = code;
}
