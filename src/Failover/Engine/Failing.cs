namespace Failover.Engine;

/// <summary>The times of a member that fails. Apart from the rest of its state, since most members work.</summary>
/// <param name="Since">When it was first seen failing.</param>
/// <param name="Detected">When it was given up; null while it is only suspect.</param>
internal sealed record Failing(Moment Since, Moment? Detected);
