using System.Net.Sockets;
using System.Text;
using Failover.Http.Probing;
using Microsoft.Extensions.Logging.Testing;

namespace Failover.Http.Tests.Probing;

public class HttpProbeTests
{
    private readonly FakeLogger _logger = new();

    [Theory]
    [InlineData(200, "2xx", ProbeOutcome.Succeeded)]
    [InlineData(204, "2xx", ProbeOutcome.Succeeded)]
    [InlineData(204, "200", ProbeOutcome.Failed)]
    [InlineData(302, "2xx", ProbeOutcome.Failed)]
    [InlineData(401, "200,401", ProbeOutcome.Succeeded)]
    [InlineData(500, "2xx", ProbeOutcome.Failed)]
    [InlineData(503, "2xx", ProbeOutcome.Failed)]
    public async Task The_status_decides(int status, string expected, ProbeOutcome outcome)
    {
        using RawServer server = Answers($"HTTP/1.1 {status} Whatever\r\nContent-Length: 0\r\nLocation: http://127.0.0.1:1/\r\n\r\n");

        ProbeResult result = await ProbeAsync(server, new() { ExpectedStatus = expected });

        Assert.Equal(outcome, result.Outcome);
        Assert.Equal(outcome == ProbeOutcome.Succeeded ? null : $"status {status}", result.Evidence);
        Assert.Equal(1, server.Requests);
    }

    [Theory]
    [InlineData("all is well", ProbeOutcome.Succeeded)]
    [InlineData("all is lost", ProbeOutcome.Failed)]
    [InlineData("", ProbeOutcome.Failed)]
    public async Task The_body_decides_where_one_is_expected(string body, ProbeOutcome outcome)
    {
        using RawServer server = Answers($"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\n\r\n{body}");

        Assert.Equal(outcome, (await ProbeAsync(server, new() { BodyContains = "well" })).Outcome);
    }

    [Theory]
    [InlineData("", "ResponseEnded")]
    [InlineData("SSH-2.0-OpenSSH_9.6\r\n\r\n", "InvalidResponse")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Le", "ResponseEnded")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", "ResponseEnded")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", null)]
    public async Task What_is_no_answer_is_a_failure(string answer, string? evidence)
    {
        using RawServer server = Answers(answer);

        ProbeResult result = await ProbeAsync(server, new());

        Assert.Equal(ProbeOutcome.Failed, result.Outcome);
        Assert.NotNull(result.Evidence);
        Assert.Equal(evidence ?? result.Evidence, result.Evidence);
    }

    [Fact]
    public async Task A_body_without_end_is_read_up_to_the_bound()
    {
        byte[] block = Encoding.ASCII.GetBytes(new string('x', 1024));
        int sent = 0;
        using var server = new RawServer(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.SendAsync("HTTP/1.1 200 OK\r\n\r\n");
            while (true)
            {
                await connection.SendAsync(block);
                sent += block.Length;
            }
        });

        Assert.Equal(ProbeOutcome.Succeeded, (await ProbeAsync(server, new())).Outcome);
        Assert.Equal(ProbeOutcome.Failed, (await ProbeAsync(server, new() { BodyContains = "y" })).Outcome);
    }

    [Fact]
    public async Task Headers_without_end_are_a_failure()
    {
        byte[] header = Encoding.ASCII.GetBytes("X-Filler: " + new string('x', 1024) + "\r\n");
        using var server = new RawServer(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.SendAsync("HTTP/1.1 200 OK\r\n");
            while (true)
            {
                await connection.SendAsync(header);
            }
        });

        Assert.Equal(ProbeOutcome.Failed, (await ProbeAsync(server, new())).Outcome);
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")]
    public async Task A_hang_ends_with_the_token(string answer)
    {
        using var server = new RawServer(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.SendAsync(answer);
            await connection.ReadRequestAsync();
        });
        using var limit = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));

        ProbeResult result = await ProbeAsync(server, new(), limit.Token);

        Assert.Equal(ProbeOutcome.TimedOut, result.Outcome);
    }

    [Fact]
    public async Task A_refused_connection_is_told_as_such()
    {
        using HttpProbe probe = Probe(new());

        ProbeResult result = await probe.ProbeAsync(new FailoverMember(RawServer.DeadAddress()), default);

        Assert.Equal((ProbeOutcome.Failed, "connection refused"), (result.Outcome, result.Evidence));
    }

    [Theory]
    [InlineData(SocketError.TimedOut)]
    [InlineData(SocketError.HostUnreachable)]
    [InlineData(SocketError.NetworkUnreachable)]
    [InlineData(SocketError.TryAgain)]
    public async Task Where_there_is_no_way_to_the_member_it_has_not_answered(SocketError code)
    {
        using var probe = new HttpProbe("orders", Plan(new()), new ThrowingHandler(() => new HttpRequestException(null, new SocketException((int)code))), _logger, TimeProvider.System);

        Assert.Equal(ProbeOutcome.TimedOut, (await probe.ProbeAsync(new FailoverMember(new Uri("http://a.test")), default)).Outcome);
    }

    [Fact]
    public async Task A_handler_whose_own_time_is_over_has_had_no_answer()
    {
        using var probe = new HttpProbe("orders", Plan(new()), new ThrowingHandler(() => new TaskCanceledException(null, new TimeoutException())), _logger, TimeProvider.System);

        Assert.Equal(ProbeOutcome.TimedOut, (await probe.ProbeAsync(new FailoverMember(new Uri("http://a.test")), default)).Outcome);
    }

    [Fact]
    public async Task An_unknown_name_is_told_as_such()
    {
        using HttpProbe probe = Probe(new());

        ProbeResult result = await probe.ProbeAsync(new FailoverMember(new Uri("http://member.invalid")), default);

        Assert.Equal((ProbeOutcome.Failed, "name not found"), (result.Outcome, result.Evidence));
    }

    [Fact]
    public async Task One_connection_serves_many_probes_and_carries_nothing_of_the_application()
    {
        var requests = new List<string>();
        int connections = 0;
        using var server = new RawServer(async connection =>
        {
            connections++;
            while (await connection.ReadRequestAsync() is { } request)
            {
                requests.Add(request);
                await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nSet-Cookie: a=b\r\n\r\nok");
            }
        });
        using var activity = new System.Diagnostics.Activity("app").Start();
        using HttpProbe probe = Probe(new() { Path = "/up?deep=1" });
        var member = new FailoverMember(new Uri(server.Address, "/base/"));

        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(ProbeOutcome.Succeeded, (await probe.ProbeAsync(member, default)).Outcome);
        }

        Assert.Equal(1, connections);
        Assert.All(requests, request => Assert.Equal($"GET /base/up?deep=1 HTTP/1.1\r\nHost: {server.Address.Authority}\r\nUser-Agent: failover-probe\r\n\r\n", request));
    }

    [Fact]
    public async Task A_problem_with_TLS_is_logged_once()
    {
        using var server = new RawServer(async connection =>
        {
            await connection.SendAsync("this is no TLS\r\n\r\n");
            connection.Close(reset: false);
        });
        var member = new FailoverMember(new UriBuilder(server.Address) { Scheme = "https" }.Uri);
        using HttpProbe probe = Probe(new());

        ProbeResult first = await probe.ProbeAsync(member, default);
        await probe.ProbeAsync(member, default);

        Assert.Equal((ProbeOutcome.Failed, "TLS refused"), (first.Outcome, first.Evidence));
        Assert.Equal("ProbeTlsFailed", Assert.Single(_logger.Collector.GetSnapshot()).Id.Name);
    }

    [Fact]
    public async Task A_handler_of_the_users_that_follows_redirects_is_not_believed()
    {
        using RawServer other = Answers("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        using RawServer server = Answers($"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: {other.Address}\r\n\r\n");
        using var probe = new HttpProbe("orders", Plan(new()), new SocketsHttpHandler { AllowAutoRedirect = true }, _logger, TimeProvider.System);

        Assert.Equal(ProbeOutcome.Failed, (await probe.ProbeAsync(new FailoverMember(server.Address), default)).Outcome);
    }

    [Theory]
    [InlineData("Path", "health")]
    [InlineData("Path", "")]
    [InlineData("Path", "/a#b")]
    [InlineData("ExpectedStatus", "")]
    [InlineData("ExpectedStatus", "ok")]
    [InlineData("ExpectedStatus", "100")]
    [InlineData("ExpectedStatus", "200-")]
    [InlineData("ExpectedStatus", "299-200")]
    [InlineData("ExpectedStatus", "200;204")]
    [InlineData("ExpectedStatus", "6xx")]
    [InlineData("HttpVersion", "2")]
    [InlineData("HttpVersion", "1.2")]
    public void A_bad_setting_is_told_with_its_key_and_value(string key, string value)
    {
        var options = new HttpProbeOptions();
        typeof(HttpProbeOptions).GetProperty(key)!.SetValue(options, value);

        (string Key, string? Value, string Allowed) problem = Assert.Single(ProbePlan.Validate(options));

        Assert.Equal((key, value), (problem.Key, problem.Value));
    }

    private static RawServer Answers(string answer) => new(async connection =>
    {
        await connection.ReadRequestAsync();
        await connection.SendAsync(answer);
        connection.Close(reset: false);
    });

    private sealed class ThrowingHandler(Func<Exception> error) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromException<HttpResponseMessage>(error());
    }

    private HttpProbe Probe(HttpProbeOptions options) => new("orders", Plan(options), null, _logger, TimeProvider.System);

    private static Func<ProbePlan> Plan(HttpProbeOptions options)
    {
        var plan = new ProbePlan(options);
        return () => plan;
    }

    private async Task<ProbeResult> ProbeAsync(RawServer server, HttpProbeOptions options, CancellationToken cancellationToken = default)
    {
        using HttpProbe probe = Probe(options);
        return await probe.ProbeAsync(new FailoverMember(server.Address), cancellationToken);
    }
}
