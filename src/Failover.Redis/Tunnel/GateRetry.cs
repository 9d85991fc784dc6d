using StackExchange.Redis;

namespace Failover.Redis.Tunnel;

/// <summary>
/// When the multiplexer tries again to connect: 200 milliseconds after a failure, and never while a connection waits at the gate: it would be given up, and another one would queue behind it.
/// </summary>
internal sealed class GateRetry(Gate gate) : IReconnectRetryPolicy
{
    private const int PauseMilliseconds = 200;

    /// <inheritdoc/>
    public bool ShouldRetry(long currentRetryCount, int timeElapsedMillisecondsSinceLastRetry) =>
        gate is { Waiting: 0, IsEnded: false } && timeElapsedMillisecondsSinceLastRetry >= PauseMilliseconds;
}
