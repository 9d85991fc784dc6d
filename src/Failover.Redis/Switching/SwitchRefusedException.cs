namespace Failover.Redis.Switching;

/// <summary>A planned switch cannot be made, and no sentinel was asked to make it.</summary>
/// <param name="message">Why not, without secrets.</param>
internal sealed class SwitchRefusedException(string message) : Exception(message);
