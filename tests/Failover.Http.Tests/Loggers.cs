using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace Failover.Http.Tests;

/// <summary>A logger factory whose loggers all write into one collector.</summary>
internal sealed class Loggers(FakeLogCollector logs) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName) => new FakeLogger(logs, categoryName);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
    }
}
