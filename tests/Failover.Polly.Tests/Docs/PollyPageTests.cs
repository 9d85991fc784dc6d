using System.Net;
using System.Net.Sockets;
using System.Text;
using Polly;

namespace Failover.Polly.Tests.Docs;

/// <summary>The code of docs/polly.md, on two members that speak over TCP.</summary>
public sealed class PollyPageTests
{
    [Fact]
    public async Task The_pipeline_of_the_page_follows_the_member_that_works()
    {
        using LineServer a = new("a");
        using LineServer b = new("b");
        await using FailoverGroup group = new FailoverGroupBuilder("clock")
            .AddMember("a", a.Address)
            .AddMember("b", b.Address)
            .UseProbe(new ConnectProbe())
            .Build();

        #region docs:pipeline
        ResiliencePipeline<string> pipeline = new ResiliencePipelineBuilder<string>()
            .AddFailover(new FailoverStrategyOptions<string>
            {
                Group = group,
                ShouldHandle = new PredicateBuilder<string>().Handle<SocketException>().Handle<IOException>().ForFailover(),
                MayReplay = _ => PredicateResult.True(),      // it only asks: running it twice does no harm
            })
            .AddTimeout(TimeSpan.FromSeconds(2))              // of one attempt
            .Build();
        #endregion

        async Task<string> AskAsync(CancellationToken cancellationToken)
        {
            #region docs:callback
            ResilienceContext context = ResilienceContextPool.Shared.Get(cancellationToken);
            try
            {
                return await pipeline.ExecuteAsync(
                    static async context =>
                    {
                        FailoverMember member = context.GetFailoverMember();
                        using TcpClient client = new();
                        await client.ConnectAsync(member.Address.Host, member.Address.Port, context.CancellationToken);
                        using StreamReader reader = new(client.GetStream());
                        return await reader.ReadLineAsync(context.CancellationToken) ?? throw new IOException("closed without an answer");
                    },
                    context);
            }
            finally
            {
                ResilienceContextPool.Shared.Return(context);
            }
            #endregion
        }

        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(30));
        Assert.Equal("a", await AskAsync(limit.Token));

        a.Dispose();
        for (int i = 0; i < 20; i++)
        {
            Assert.Equal("b", await AskAsync(limit.Token));
        }

        await Given.UntilAsync(() => group.Snapshot.Active?.Name == "b");
        Assert.Equal(0, Given.Told(group, "a").Waiting + Given.Told(group, "b").Waiting);
    }

    [Fact]
    public async Task What_must_not_run_twice_counts_all_the_same()
    {
        await using FailoverGroup group = Given.Group();

        #region docs:once
        ResiliencePipeline pipeline = new ResiliencePipelineBuilder()
            .AddFailover(group)                               // nothing runs twice: the failure is returned, and counts
            .Build();
        #endregion

        await Assert.ThrowsAsync<SocketException>(async () => await pipeline.ExecuteAsync(static _ => throw new SocketException((int)SocketError.ConnectionReset)));
        Assert.Equal((0, 1, 0, 0), Given.Told(group, "a"));
    }

    /// <summary>Healthy is who takes a connection.</summary>
    private sealed class ConnectProbe : IMemberProbe
    {
        public async ValueTask<ProbeResult> ProbeAsync(FailoverMember member, CancellationToken cancellationToken)
        {
            using TcpClient client = new();
            try
            {
                await client.ConnectAsync(member.Address.Host, member.Address.Port, cancellationToken);
                return ProbeResult.Success();
            }
            catch (SocketException error)
            {
                return ProbeResult.Failure(error.SocketErrorCode.ToString());
            }
        }
    }

    /// <summary>Says its name to whoever connects.</summary>
    private sealed class LineServer : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly byte[] _line;

        internal LineServer(string name)
        {
            _line = Encoding.ASCII.GetBytes(name + "\n");
            _listener.Start();
            Address = new Uri($"tcp://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");
            _ = ServeAsync();
        }

        internal Uri Address { get; }

        public void Dispose() => _listener.Dispose();

        private async Task ServeAsync()
        {
            while (true)
            {
                try
                {
                    using TcpClient client = await _listener.AcceptTcpClientAsync();
                    await client.GetStream().WriteAsync(_line);
                }
                catch (IOException)
                {
                    // A probe that has gone already.
                }
                catch (Exception error) when (error is SocketException or ObjectDisposedException or InvalidOperationException)
                {
                    return;
                }
            }
        }
    }
}
