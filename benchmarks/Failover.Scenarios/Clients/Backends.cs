using Failover.Scenarios.Attempts;

namespace Failover.Scenarios.Clients;

/// <summary>What a client is set up for.</summary>
internal sealed record Backends(Uri Primary, Uri Secondary, AttemptLog Log);
