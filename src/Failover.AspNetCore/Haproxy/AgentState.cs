namespace Failover.AspNetCore.Haproxy;

/// <summary>
/// What HAProxy's agent check is told. Each line holds the full state: <c>up</c> clears only <c>down</c>, and only <c>ready</c> clears <c>drain</c> and <c>maint</c>. A reason needs the blank before its #, and a line its LF: else HAProxy ignores it.
/// </summary>
internal static class AgentState
{
    internal static readonly ReadOnlyMemory<byte> Up = "up ready 100%\n"u8.ToArray();
    internal static readonly ReadOnlyMemory<byte> Drain = "drain\n"u8.ToArray();
    internal static readonly ReadOnlyMemory<byte> Maintenance = "maint\n"u8.ToArray();
    internal static readonly ReadOnlyMemory<byte> Starting = "down #starting\n"u8.ToArray();
    internal static readonly ReadOnlyMemory<byte> Unhealthy = "down #unhealthy\n"u8.ToArray();

    /// <param name="verdicts">The verdicts.</param>
    /// <param name="isClosing">Whether the listener will soon be gone, so that sticky sessions have to move, which <c>drain</c> leaves alone.</param>
    internal static ReadOnlyMemory<byte> Of(HealthVerdicts verdicts, bool isClosing) =>
        isClosing ? Maintenance
        : verdicts.IsDraining ? Drain
        : verdicts.CanServe ? Up
        : verdicts.IsStarted ? Unhealthy
        : Starting;
}
