using Microsoft.Extensions.Logging;

namespace Failover.Logging;

/// <summary>A logger of the app's that does not throw, whatever that one does. All that runs on its own logs by it, often from where a failure is caught: what is thrown there would end a loop, or a thread, unseen.</summary>
internal sealed class SafeLogger(ILogger logger) : ILogger
{
    /// <summary>Nobody here opens a scope.</summary>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel)
    {
        try
        {
            return logger.IsEnabled(logLevel);
        }
#pragma warning disable CA1031 // There is nobody else to tell it to.
        catch (Exception)
#pragma warning restore CA1031
        {
            return false;
        }
    }

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        try
        {
            logger.Log(logLevel, eventId, state, exception, formatter);
        }
#pragma warning disable CA1031 // There is nobody else to tell it to.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }
}
