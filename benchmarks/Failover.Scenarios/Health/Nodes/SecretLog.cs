using Microsoft.Extensions.Logging;

namespace Failover.Scenarios.Health.Nodes;

/// <summary>A log that keeps nothing but how often the secret stood in it.</summary>
internal sealed class SecretLog : ILoggerProvider, ILogger
{
    private int _leaked;

    internal int Leaked => Volatile.Read(ref _leaked);

    public ILogger CreateLogger(string categoryName) => this;

    public void Dispose()
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Interlocked.Add(ref _leaked, Secrets.CountIn($"{formatter(state, exception)} {exception}"));
}
