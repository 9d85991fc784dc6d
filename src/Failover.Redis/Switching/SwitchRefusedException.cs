namespace Failover.Redis.Switching;

/// <summary>A step of a planned switch cannot be made.</summary>
/// <param name="message">Why not, without secrets.</param>
internal sealed class SwitchRefusedException(string message) : Exception(message)
{
    /// <summary>Gets the kind of the error that a server answered with; null where none did.</summary>
    internal string? Kind { get; init; }
}
