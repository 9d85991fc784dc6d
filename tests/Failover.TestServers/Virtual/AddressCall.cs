namespace Failover.TestServers.Virtual;

/// <summary>One call of the virtual address, over a connection of its own.</summary>
/// <param name="Begun">When it began, as <see cref="VirtualSite.Now"/>.</param>
/// <param name="Ended">When it ended.</param>
/// <param name="Node">Who answered; null if nobody did.</param>
/// <param name="Failure">Why nobody did: <c>timeout</c>, after three seconds, or the error of the socket; null if somebody did.</param>
public sealed record AddressCall(TimeSpan Begun, TimeSpan Ended, string? Node, string? Failure);
