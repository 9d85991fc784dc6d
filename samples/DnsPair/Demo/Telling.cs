namespace DnsPair.Demo;

/// <summary>Prints what the keeper tells of the name and of its group.</summary>
internal sealed class Telling(Clock clock) : ILoggerProvider
{
    private static readonly string[] Told = ["NameMoved", "NameVisible", "NameNotMoved", "NamePartlyVisible", "NameProven", "NameNotProven", "NameChangedOutside", "MemberUnhealthy", "LeaseGranted", "SwitchoverCompleted"];

    public ILogger CreateLogger(string categoryName) => new Teller(clock);

    public void Dispose()
    {
    }

    private sealed class Teller(Clock clock) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (Told.Contains(eventId.Name))
            {
                clock.Say($"keeper: {formatter(state, exception)}");
            }
        }
    }
}
