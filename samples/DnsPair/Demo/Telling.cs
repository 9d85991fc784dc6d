namespace DnsPair.Demo;

/// <summary>Prints what the keeper tells of the name and of its group.</summary>
internal sealed class Telling(Clock clock) : ILoggerProvider
{
    private static readonly string[] Told = ["NameMoved", "NameVisible", "NameNotMoved", "NamePartlyVisible", "NameProven", "NameNotProven", "NameChangedOutside", "MemberUnhealthy", "LeaseGranted", "LeaseAtRest", "SwitchoverCompleted"];

    private readonly TaskCompletionSource _leased = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when the keeper has had the lease once: an etcd that is new makes the first holder wait as long as a lease lasts.</summary>
    internal Task Leased => _leased.Task;

    public ILogger CreateLogger(string categoryName) => new Teller(clock, _leased);

    public void Dispose()
    {
    }

    private sealed class Teller(Clock clock, TaskCompletionSource leased) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (eventId.Name == "LeaseGranted")
            {
                leased.TrySetResult();
            }

            if (Told.Contains(eventId.Name))
            {
                clock.Say($"keeper: {formatter(state, exception)}");
            }
        }
    }
}
