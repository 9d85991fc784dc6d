using System.Diagnostics.Metrics;
using Failover.Http.Replay;
using Failover.Http.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;

namespace Failover.Http.Tests.Telemetry;

public class MetricTests
{
    [Fact]
    public async Task A_replay_is_counted_with_the_member_that_failed_and_why()
    {
        await using Traced traced = await Traced.StartAsync(2);
        using var replays = Replays(traced);
        traced.Servers[0].Instead = Traced.Unavailable;

        await traced.AskAsync(traced.Client);

        CollectedMeasurement<long> counted = Assert.Single(replays.GetMeasurementSnapshot());
        Assert.Equal(1, counted.Value);
        Assert.Equal(
            ["error.type=503", "failover.from=a", "failover.group=orders", "failover.to=b", "http.request.method=GET", "server.address=localhost", $"server.port={traced.Servers[0].Address.Port}"],
            counted.Tags.Select(tag => $"{tag.Key}={tag.Value}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Without_a_container_it_is_counted_by_the_one_meter_of_the_process()
    {
        await using Traced traced = await Traced.StartAsync(2);
        using var replays = new MetricCollector<long>(null, "Failover", "failover.http.replays");
        traced.Servers[0].Instead = Traced.Unavailable;
        using var client = new HttpClient(new FailoverHandler(traced.Group) { InnerHandler = new SocketsHttpHandler() });

        await traced.AskAsync(client);

        // Other tests count there, too.
        Assert.Single(replays.GetMeasurementSnapshot(), counted => Equals(counted.Tags["server.port"], traced.Servers[0].Address.Port));
    }

    [Fact]
    public async Task A_replay_that_the_budget_refuses_is_counted_with_the_member_that_failed_and_why()
    {
        await using Traced traced = await Traced.StartAsync(2);
        using var refused = new MetricCollector<long>(Factory(traced), "Failover", "failover.http.replays.refused");
        RetryBudget.Of(traced.Group).Limits = (0, 0);
        traced.Servers[0].Instead = Traced.Unavailable;

        await traced.AskAsync(traced.Client);

        Assert.Equal(
            ["error.type=503", "failover.from=a", "failover.group=orders", "http.request.method=GET", "server.address=localhost", $"server.port={traced.Servers[0].Address.Port}"],
            Assert.Single(refused.GetMeasurementSnapshot()).Tags.Select(tag => $"{tag.Key}={tag.Value}").Order(StringComparer.Ordinal));
    }

    // .NET measures each attempt, with the address of its member; we add nothing to that, and say the same words.
    [Theory]
    [InlineData("dead", "GET", "connection_error")]
    [InlineData("dead", "POST", "connection_error")]
    [InlineData("dead", "QUERY", "connection_error")]
    [InlineData("dead", "SURPRISE", "connection_error")]
    [InlineData("dead", "get", "connection_error")]
    [InlineData("breaks", "GET", "System.Net.Http.HttpRequestException")]
    [InlineData("503", "HEAD", "503")]
    public async Task What_ours_says_of_a_failed_attempt_is_what_NETs_own_says(string fault, string method, string errorType)
    {
        await using Traced traced = await Traced.StartAsync(2);
        using var replays = Replays(traced);
        using var durations = new MetricCollector<double>(Factory(traced), "System.Net.Http", "http.client.request.duration");
        traced.Servers[0].Instead = fault == "503" ? Traced.Unavailable : Neighbours.Beside.Break;
        if (fault == "dead")
        {
            await traced.Servers[0].StopAsync();
        }

        using var request = new HttpRequestMessage(new HttpMethod(method), traced.Servers[0].Address);
        using HttpResponseMessage response = await traced.Client.SendAsync(request);

        IReadOnlyDictionary<string, object?> ours = Assert.Single(replays.GetMeasurementSnapshot()).Tags;
        IReadOnlyList<CollectedMeasurement<double>> attempts = durations.GetMeasurementSnapshot();
        Assert.Equal(2, attempts.Count);
        Assert.Equal(errorType, ours["error.type"]);
        foreach (string tag in new[] { "error.type", "http.request.method", "server.address", "server.port" })
        {
            Assert.Equal(attempts[0].Tags[tag], ours[tag]);
        }

        Assert.Equal(traced.Servers[1].Address.Port, attempts[1].Tags["server.port"]);
        Assert.DoesNotContain("http.request.resend_count", attempts[1].Tags.Keys);
    }

    [Theory]
    [InlineData(HttpRequestError.NameResolutionError, "name_resolution_error")]
    [InlineData(HttpRequestError.SecureConnectionError, "secure_connection_error")]
    [InlineData(HttpRequestError.HttpProtocolError, "http_protocol_error")]
    [InlineData(HttpRequestError.ProxyTunnelError, "proxy_tunnel_error")]
    [InlineData(HttpRequestError.ResponseEnded, "response_ended")]
    [InlineData(HttpRequestError.InvalidResponse, "invalid_response")]
    [InlineData(HttpRequestError.VersionNegotiationError, "version_negotiation_error")]
    [InlineData(HttpRequestError.ConfigurationLimitExceeded, "configuration_limit_exceeded")]
    [InlineData(HttpRequestError.ExtendedConnectNotSupported, "extended_connect_not_supported")]
    [InlineData(HttpRequestError.UserAuthenticationError, "user_authentication_error")]
    [InlineData(HttpRequestError.Unknown, "System.Net.Http.HttpRequestException")]
    public void An_error_of_the_transport_has_the_name_that_NET_gives_it(HttpRequestError error, string errorType) =>
        Assert.Equal(errorType, ErrorTypes.Of(AttemptFault.Lost, null, new HttpRequestException(error)));

    [Fact]
    public void An_attempt_that_we_ended_is_not_taken_for_the_callers_cancellation() =>
        Assert.Equal("abandoned", ErrorTypes.Of(AttemptFault.Abandoned, null, new TaskCanceledException()));

    private static IMeterFactory Factory(Traced traced) => traced.Services.GetRequiredService<IMeterFactory>();

    private static MetricCollector<long> Replays(Traced traced) => new(Factory(traced), "Failover", "failover.http.replays");
}
