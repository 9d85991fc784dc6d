using Failover.Kubernetes.Tests.ApiServer;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Failover.Kubernetes.Tests;

/// <summary>One more pod: a store of its own, with a clock of its own.</summary>
internal sealed class Host : IDisposable
{
    internal const string Resource = "nightly";
    internal const string LeaseName = "failover-nightly";

    private readonly KubernetesLeaseStore _store;

    internal Host(FakeApiServer server, string name, TimeProvider? time = null)
    {
        Name = name;
        Logs = new();
        _store = new(new(), server.Client(FakeApiServer.Pod), time ?? Time, new Loggers(Logs));
    }

    internal string Name { get; }

    /// <summary>Gets its clock, which moves when a test moves it.</summary>
    internal FakeTimeProvider Time { get; } = new(new(2026, 5, 4, 3, 2, 1, TimeSpan.Zero));

    internal FakeLogCollector Logs { get; }

    internal ILeaseStore Store => _store;

    /// <summary>The version of the record that it has seen last.</summary>
    internal string? LastVersion() => _store.Sightings.Last(LeaseName)?.Version;

    public void Dispose() => _store.Dispose();

    internal LeaseRequest Request(double seconds = 10) => new(Resource, Name, Guid.NewGuid(), TimeSpan.FromSeconds(seconds));

    internal async Task<LeaseAnswer> TakeAsync(double seconds = 10) => await _store.TakeAsync(Request(seconds), CancellationToken.None);

    internal async Task<(LeaseRequest Request, LeaseGrant Grant)> HoldAsync(double seconds = 10)
    {
        LeaseRequest request = Request(seconds);
        return (request, (await _store.TakeAsync(request, CancellationToken.None)).Grant ?? throw new InvalidOperationException("It is held."));
    }

    internal async Task<LeaseGrant?> RenewAsync((LeaseRequest Request, LeaseGrant Grant) held) => await _store.RenewAsync(held.Request, held.Grant, CancellationToken.None);

    internal async Task ReleaseAsync(LeaseRequest request) => await _store.ReleaseAsync(request, CancellationToken.None);

    private sealed class Loggers(FakeLogCollector collector) : Microsoft.Extensions.Logging.ILoggerFactory
    {
        public void AddProvider(Microsoft.Extensions.Logging.ILoggerProvider provider)
        {
        }

        public Microsoft.Extensions.Logging.ILogger CreateLogger(string categoryName) => new FakeLogger(collector, categoryName);

        public void Dispose()
        {
        }
    }
}
