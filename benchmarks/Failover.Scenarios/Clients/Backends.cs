using Failover.Scenarios.Attempts;

namespace Failover.Scenarios.Clients;

/// <summary>What a client is set up for.</summary>
internal sealed record Backends(Uri Primary, Uri Secondary)
{
    internal AttemptLog Log { get; } = new();

    /// <summary>What opens connections, in place of the real one: for measuring what a client costs without a network.</summary>
    internal Func<HttpMessageHandler>? Stub { get; init; }

    internal HttpMessageHandler Transport() => Stub?.Invoke() ?? Attempts.Transport.Create(Log);
}
