using BenchmarkDotNet.Attributes;
using Failover.Benchmarks.Groups;
using Failover.Http;

namespace Failover.Benchmarks.Http;

/// <summary>A GET through HttpClient to a stub that completes at once, headers only: bare, and with what stands between.</summary>
[MemoryDiagnoser]
public class HandlerBenchmarks
{
    private readonly Uri _active = new("http://a.example:8080/orders/17");
    private readonly Uri _logical = new("http://orders.example/orders/17");
    private FailoverGroup _group = null!;
    private HttpClient _bare = null!;
    private HttpClient _rewrite = null!;
    private HttpClient _failover = null!;
    private readonly PendingHandler _pending = new();
    private HttpClient _barePending = null!;
    private HttpClient _failoverPending = null!;

    [GlobalSetup]
    public void Setup()
    {
        Uri primary = new("http://a.example:8080/");
        _group = LiveGroup.Settled(primary, new Uri("http://b.example:8080/"));
        _bare = new(new StubHandler());
        _rewrite = new(new RewriteHandler(primary));
        _failover = new(new FailoverHandler(_group) { BaseAddress = new Uri("http://orders.example/"), InnerHandler = new StubHandler() });
        _barePending = new(_pending);
        _failoverPending = new(new FailoverHandler(_group) { InnerHandler = _pending });
    }

    [GlobalCleanup]
    public Task Cleanup() => _group.DisposeAsync().AsTask();

    [Benchmark(Baseline = true)]
    public object Bare() => Get(_bare, _active);

    /// <summary>The floor for any request that has to go to another host than it names.</summary>
    [Benchmark]
    public object RewriteOnly() => Get(_rewrite, _logical);

    /// <summary>The request names the active member already.</summary>
    [Benchmark]
    public object FailoverSameAuthority() => Get(_failover, _active);

    /// <summary>The request names the group's base address.</summary>
    [Benchmark]
    public object FailoverRewrite() => Get(_failover, _logical);

    [Benchmark]
    public object BareThatWaits() => GetPending(_barePending);

    /// <summary>The request names the active member already, and its answer takes a moment.</summary>
    [Benchmark]
    public object FailoverThatWaits() => GetPending(_failoverPending);

    private HttpResponseMessage GetPending(HttpClient client)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, _active);
        Task<HttpResponseMessage> answer = client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        _pending.Answer();
        return answer.GetAwaiter().GetResult();
    }

    private static HttpResponseMessage Get(HttpClient client, Uri uri)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, uri);
        return client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).GetAwaiter().GetResult();
    }
}
