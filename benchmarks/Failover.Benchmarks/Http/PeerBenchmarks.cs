using BenchmarkDotNet.Attributes;
using Failover.Scenarios.Clients;

namespace Failover.Benchmarks.Http;

/// <summary>What each client of the scenarios costs while nothing is wrong: a GET through the factory's whole pipeline, to a stub that completes at once, headers only.</summary>
[MemoryDiagnoser]
public class PeerBenchmarks
{
    private ClientUnderTest _client = null!;

    [ParamsSource(nameof(Names))]
    public string Client { get; set; } = "failover";

    public static IEnumerable<string> Names => ClientKinds.All.Select(kind => kind.Name);

    [GlobalSetup]
    public void Setup()
    {
        Backends backends = new(new Uri("http://a.example:8080/"), new Uri("http://b.example:8080/")) { Stub = () => new StubHandler() };
        _client = ClientUnderTest.Create(ClientKinds.All.Single(kind => kind.Name == Client), backends);
        Get();
    }

    [GlobalCleanup]
    public Task Cleanup() => _client.DisposeAsync().AsTask();

    [Benchmark]
    public object Get()
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "orders/17");
        return _client.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).GetAwaiter().GetResult();
    }
}
