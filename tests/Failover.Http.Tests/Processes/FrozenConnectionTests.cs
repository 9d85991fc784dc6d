using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Failover.TestServers.Http;

namespace Failover.Http.Tests.Processes;

/// <summary>One HTTP/2 connection to a real process that is frozen and thawed: what of it may go elsewhere does, and the rest of it waits and goes on.</summary>
public sealed class FrozenConnectionTests : IAsyncLifetime
{
    private readonly FakeProbe _probe = new();
    private BackendProcess _a = null!;
    private BackendProcess _b = null!;

    public async Task InitializeAsync()
    {
        BackendProcess[] backends = await Task.WhenAll(BackendProcess.StartAsync("a", "Http2"), BackendProcess.StartAsync("b", "Http2"));
        (_a, _b) = (backends[0], backends[1]);
    }

    public async Task DisposeAsync()
    {
        await _a.DisposeAsync();
        await _b.DisposeAsync();
    }

    [Fact]
    public async Task GETs_are_answered_by_the_other_while_a_stream_and_a_POST_of_the_same_connection_outlast_the_freeze()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        int connections = 0;
        await using FailoverGroup group = new FailoverGroupBuilder("orders").AddMember(_a.Address).AddMember(_b.Address).UseProbe(_probe).Configure(Given.Quick).Build();
        using var client = new HttpClient(new FailoverHandler(group)
        {
            InnerHandler = new SocketsHttpHandler
            {
                ConnectCallback = async (context, cancellationToken) =>
                {
                    connections += context.DnsEndPoint.Port == _a.Port ? 1 : 0;
                    var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                    await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancellationToken);
                    return new NetworkStream(socket, ownsSocket: true);
                },
            },
        })
        {
            BaseAddress = _a.Address,
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        await Given.UntilAsync(() => group.Snapshot.Members.All(member => member.Verdict == Verdict.Healthy), () => "not both healthy");
        using HttpResponseMessage stream = await client.GetAsync("/stream", HttpCompletionOption.ResponseHeadersRead);
        using var lines = new StreamReader(await stream.Content.ReadAsStreamAsync());
        Assert.Equal("0", await lines.ReadLineAsync());

        Task<string> post;
        _a.Freeze();
        try
        {
            _probe.Answers(_a.Address.Authority, ProbeResult.Failure("silent"));
            Task<string>[] gets = [.. Enumerable.Range(0, 20).Select(_ => client.GetStringAsync("/work"))];
            post = PostAsync(client);

            Assert.All(await Task.WhenAll(gets).WaitAsync(Given.Limit), answeredBy => Assert.Equal("b", answeredBy));
            Assert.Equal(Verdict.Unhealthy, group.Snapshot.Members[0].Verdict);
            Assert.False(post.IsCompleted);
        }
        finally
        {
            _a.Thaw();
        }

        Assert.Equal("a", await post.WaitAsync(Given.Limit));
        for (int expected = 1; expected < 100; expected++)
        {
            Assert.Equal(expected, int.Parse((await lines.ReadLineAsync().WaitAsync(Given.Limit))!, CultureInfo.InvariantCulture));
        }

        Assert.Equal(["order"], _a.Executed());
        Assert.Empty(_b.Executed());
        Assert.Equal(1, connections);
    }

    private static async Task<string> PostAsync(HttpClient client)
    {
        using var content = new StringContent("order");
        using HttpResponseMessage response = await client.PostAsync("/orders", content);
        return await response.Content.ReadAsStringAsync();
    }
}
