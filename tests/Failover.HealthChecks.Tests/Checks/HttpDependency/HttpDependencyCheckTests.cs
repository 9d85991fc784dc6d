using System.Net;
using System.Net.Sockets;
using System.Text;
using Failover.TestServers.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Failover.HealthChecks.Tests.Checks.HttpDependency;

public sealed class HttpDependencyCheckTests : IAsyncLifetime
{
    private BackendProcess _server = null!;

    public async Task InitializeAsync() => _server = await BackendProcess.StartAsync("billing");

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task It_passes_with_a_2xx_and_fails_with_another_status_which_it_tells()
    {
        await using Checked check = Checked.With(checks => checks.AddHttpDependency("billing", new Uri(_server.Address, "/work")));

        HealthCheckResult healthy = await check.RunAsync();
        await _server.AnswerAsync(503);
        HealthCheckResult failing = await check.RunAsync();

        Assert.Equal((HealthStatus.Healthy, 200), (healthy.Status, healthy.Data["status"]));
        Assert.Equal((HealthStatus.Unhealthy, 503), (failing.Status, failing.Data["status"]));
        Assert.Equal("127.0.0.1 says 503", failing.Description);
        Assert.Equal(["shared"], check.Registration.Tags);
    }

    [Fact]
    public async Task A_status_that_is_expected_passes_and_a_2xx_that_is_not_fails()
    {
        await using Checked check = Checked.With(checks => checks.AddHttpDependency("billing", new Uri(_server.Address, "/work"), options => options.ExpectedStatuses.Add(401)));

        Assert.Equal(HealthStatus.Unhealthy, (await check.RunAsync()).Status);
        await _server.AnswerAsync(401);
        Assert.Equal(HealthStatus.Healthy, (await check.RunAsync()).Status);
    }

    [Fact]
    public async Task A_redirect_is_not_followed_and_no_cookie_comes_back()
    {
        List<string> requests = [];
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        Task serving = ServeAsync(listener, requests);
        await using (Checked check = Checked.With(checks => checks.AddHttpDependency("billing", $"http://{listener.LocalEndpoint}/ping")))
        {
            HealthCheckResult result = await check.RunAsync();
            await check.RunAsync();

            Assert.Equal((HealthStatus.Unhealthy, 302), (result.Status, result.Data["status"]));
        }

        // With the container the check has closed its connection.
        await serving.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(2, requests.Count);
        Assert.All(requests, request => Assert.StartsWith("GET /ping ", request, StringComparison.Ordinal));
        Assert.DoesNotContain(requests, request => request.Contains("Cookie", StringComparison.OrdinalIgnoreCase) || request.Contains("Authorization", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_server_that_was_killed_fails_with_the_sockets_code_and_a_reset_with_another()
    {
        await using Checked check = Checked.With(checks => checks.AddHttpDependency("billing", _server.Address.AbsoluteUri));
        await _server.ResetAsync();
        HealthCheckResult reset = await check.RunAsync();
        await _server.KillAsync();
        HealthCheckResult killed = await check.RunAsync();

        Assert.Equal(HealthStatus.Unhealthy, reset.Status);
        Assert.True(reset.Data.ContainsKey("httpError") || reset.Data.ContainsKey("socketError"), $"{string.Join(", ", reset.Data)} {reset.Exception}");
        Assert.Equal(SocketError.ConnectionRefused, killed.Data["socketError"]);
        Assert.Equal(HttpRequestError.ConnectionError, killed.Data["httpError"]);
    }

    [Fact]
    public async Task A_server_that_hangs_is_given_up_after_the_checks_own_timeout()
    {
        await using LiveNode node = LiveNode.With(checks => checks.AddHttpDependency("billing", new Uri(_server.Address, "/work"), options => options.Timeout = TimeSpan.FromMilliseconds(100)));
        await node.UntilAsync(check => check.Status == HealthStatus.Healthy);

        await _server.HangAsync();
        await node.UntilAsync(check => check.Status == HealthStatus.Unhealthy);

        Assert.Equal("timeout", node.Check.Error);
        Assert.InRange(node.Check.Duration!.Value, TimeSpan.FromMilliseconds(90), TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void An_address_that_is_not_allowed_is_refused_at_once_and_not_shown()
    {
        Assert.Equal(["Health check 'billing':Uri must not carry user information (host 'a.example.com')."], Refused("https://app:hush-7@a.example.com/ping"));
        Assert.Equal(["Health check 'billing':Uri must be absolute, like https://billing.example.com/ping."], Refused("/ping?token=hush-7"));
        Assert.Equal(["Health check 'billing':Uri must be absolute, like https://billing.example.com/ping."], Refused("ftp://a.example.com"));

        static IEnumerable<string> Refused(string uri) => Assert.Throws<OptionsValidationException>(() => Checked.With(checks => checks.AddHttpDependency("billing", uri))).Failures;
    }

    [Fact]
    public void Options_that_are_not_allowed_are_refused_at_once()
    {
        OptionsValidationException refused = Assert.Throws<OptionsValidationException>(() => Checked.With(checks => checks.AddHttpDependency("billing", new Uri("https://a.example.com"), options =>
        {
            options.Method = HttpMethod.Post;
            options.ExpectedStatuses.Add(99);
            options.Timeout = TimeSpan.Zero;
        })));

        Assert.Equal(
            [
                "Health check 'billing':Method (POST) must be one of GET, HEAD, OPTIONS.",
                "Health check 'billing':ExpectedStatuses (99) must be from 200 to 599.",
                "Health check 'billing':Timeout (00:00:00) must be from 00:00:00.0100000 to 00:10:00.",
            ],
            refused.Failures);
    }

    /// <summary>Answers every request of one connection with a redirect and a cookie, until it is closed.</summary>
    private static async Task ServeAsync(TcpListener listener, List<string> requests)
    {
        using TcpClient client = await listener.AcceptTcpClientAsync();
        NetworkStream stream = client.GetStream();
        byte[] buffer = new byte[8192];
        string received = "";
        while (await stream.ReadAsync(buffer) is > 0 and int read)
        {
            received += Encoding.ASCII.GetString(buffer, 0, read);
            if (received.EndsWith("\r\n\r\n", StringComparison.Ordinal))
            {
                requests.Add(received);
                received = "";
                await stream.WriteAsync("HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n"u8.ToArray());
            }
        }
    }
}
