using System.Net;
using Failover.HealthChecks.Evaluation;
using Failover.HealthChecks.Peers;
using Failover.HealthChecks.Tests.Evaluation;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace Failover.HealthChecks.Tests.Peers;

/// <summary>Nodes that ask each other, without a network, on one clock that a test moves.</summary>
internal sealed class Fleet : HttpMessageHandler, IAsyncDisposable
{
    internal const string Key = "sixteen bytes, or more";

    private readonly List<FleetNode> _nodes = [];

    internal SlowTime Time { get; } = new();

    internal FleetNode this[string name] => _nodes.Single(node => node.Name == name);

    /// <summary>Whether a node reaches something: <c>Reaches = (node, what) => …</c>.</summary>
    internal Func<string, string, bool> Reaches { get; set; } = static (_, _) => true;

    /// <summary>Whether a node answers its peers.</summary>
    internal Func<string, bool> Answers { get; set; } = static _ => true;

    /// <summary>What a node that is asked waits for before it answers.</summary>
    internal Func<string, Task> Before { get; set; } = static _ => Task.CompletedTask;

    /// <summary>Called after each step.</summary>
    internal Action Watch { get; set; } = static () => { };

    internal volatile int Asked;

    /// <summary>Starts a node that has those checks, critical and shared.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="peers">The names of all it asks.</param>
    /// <param name="checks">The names of its checks.</param>
    /// <param name="configure">More of its services.</param>
    internal FleetNode Start(string name, string[] peers, string[] checks, Action<IServiceCollection>? configure = null)
    {
        Dictionary<string, string?> settings = new() { ["Failover:Peers:Node"] = name, ["Failover:Peers:Key"] = Key };
        for (int i = 0; i < peers.Length; i++)
        {
            settings[$"Failover:Peers:Addresses:{i}"] = $"http://{peers[i]}/health/peer";
        }

        ServiceCollection services = [];
        services.AddSingleton<TimeProvider>(Time);
        services.AddSingleton(new PeerTransport(this));
        services.AddLogging(logging => logging.AddFakeLogging().SetMinimumLevel(LogLevel.Debug));
        configure?.Invoke(services);
        services.AddFailover(new ConfigurationBuilder().AddInMemoryCollection(settings).Build().GetSection("Failover")).AddPeers();
        foreach (string check in checks)
        {
            FakeCheck fake = new();
            fake.OnRun = (_, _) => fake.Result = new(Reaches(name, check) ? HealthStatus.Healthy : HealthStatus.Unhealthy);
            services.AddHealthChecks().AddCheck(check, fake);
        }

        FleetNode node = new(name, services.BuildServiceProvider());
        _nodes.Add(node);
        node.Monitor.Begin();
        node.Poller.Begin();
        return node;
    }

    internal async Task PassAsync(TimeSpan time)
    {
        for (TimeSpan passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromMilliseconds(100))
        {
            Time.Advance(TimeSpan.FromMilliseconds(100));
            await Node.Eventually(() => !_nodes.Any(node => node.Monitor.UnderWay.Count > 0 || node.Poller.IsBusy));
            Watch();
        }
    }

    internal async Task UntilAsync(Func<bool> holds, TimeSpan atMost)
    {
        for (TimeSpan passed = TimeSpan.Zero; !holds(); passed += TimeSpan.FromMilliseconds(100))
        {
            Assert.True(passed <= atMost, $"It did not come about in {atMost}: {string.Join("; ", _nodes.Select(node => $"{node.Name}: {node.Health.Verdicts.Reason}"))}");
            await PassAsync(TimeSpan.FromMilliseconds(100));
        }
    }

    internal Task AllServeAsync() => UntilAsync(() => _nodes.All(node => node.Serves), TimeSpan.FromMinutes(1));

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Asked++;
        string name = request.RequestUri!.Host;
        await Before(name);
        if (!Answers(name))
        {
            throw new HttpRequestException(HttpRequestError.ConnectionError);
        }

        PeerReply reply = this[name].Peers.Answer(request.Headers.GetValues(NodePeers.Header).Single(), request.Method.Method, request.RequestUri.AbsolutePath);
        HttpResponseMessage response = new(reply.Refusal is null ? HttpStatusCode.OK : HttpStatusCode.Unauthorized) { Content = new ReadOnlyMemoryContent(reply.Body) };
        response.Headers.TryAddWithoutValidation(NodePeers.Header, reply.Signature);
        return response;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (FleetNode node in _nodes)
        {
            await node.DisposeAsync();
        }
    }
}

/// <summary>One of them.</summary>
internal sealed class FleetNode(string name, ServiceProvider services) : IAsyncDisposable
{
    internal string Name => name;

    internal NodeHealth Health => services.GetRequiredService<NodeHealth>();

    internal bool Serves => Health.Verdicts.CanServe;

    internal NodeDrain Drain => services.GetRequiredService<NodeDrain>();

    internal NodePeers Peers => services.GetRequiredService<NodePeers>();

    internal HealthMonitor Monitor => services.GetRequiredService<HealthMonitor>();

    internal IPeerClaims Claims => services.GetRequiredService<IPeerClaims>();

    internal PeerPoller Poller => services.GetRequiredService<PeerPoller>();

    internal FakeLogRecord[] Logged(string name) => [.. services.GetFakeLogCollector().GetSnapshot().Where(record => record.Id.Name == name)];

    internal CheckSnapshot Check(string name) => Health.Snapshot.Checks.Single(check => check.Name == name);

    public ValueTask DisposeAsync() => services.DisposeAsync();
}
