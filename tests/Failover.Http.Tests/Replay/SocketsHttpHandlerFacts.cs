using System.Net;
using System.Net.Sockets;
using Failover.Http.Replay;

namespace Failover.Http.Tests.Replay;

/// <summary>What the rules rely on, asked of the real <see cref="SocketsHttpHandler"/>. If one of these fails after an update of .NET, <see cref="Faults"/> is no longer right.</summary>
public class SocketsHttpHandlerFacts
{
    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task A_refused_connection_was_never_sent(string method)
    {
        (AttemptFault fault, _) = await SendAsync(method, RawServer.DeadAddress(), withContent: true);

        Assert.Equal(AttemptFault.NeverSent, fault);
    }

    [Fact]
    public async Task An_unknown_name_was_never_sent()
    {
        (AttemptFault fault, Exception? error) = await SendAsync("POST", new Uri("http://member.invalid/"), withContent: true);

        Assert.Equal(AttemptFault.NeverSent, fault);
        Assert.Equal(HttpRequestError.NameResolutionError, Assert.IsType<HttpRequestException>(error).HttpRequestError);
    }

    [Fact]
    public async Task A_broken_TLS_handshake_was_never_sent()
    {
        using var server = new RawServer(async connection =>
        {
            await connection.SendAsync("this is no TLS\r\n\r\n");
            connection.Close(reset: false);
        });

        (AttemptFault fault, Exception? error) = await SendAsync("POST", new UriBuilder(server.Address) { Scheme = "https" }.Uri, withContent: true);

        Assert.Equal(AttemptFault.NeverSent, fault);
        Assert.Equal(HttpRequestError.SecureConnectionError, Assert.IsType<HttpRequestException>(error).HttpRequestError);
    }

    [Fact]
    public async Task A_proxy_that_opens_no_tunnel_was_never_sent()
    {
        using var proxy = new RawServer(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.SendAsync("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n");
        });

        (AttemptFault fault, Exception? error) = await SendAsync("POST", new Uri("https://member.invalid/"), withContent: true, new SocketsHttpHandler { Proxy = new WebProxy(proxy.Address) });

        Assert.Equal(AttemptFault.NeverSent, fault);
        Assert.Equal(HttpRequestError.ProxyTunnelError, Assert.IsType<HttpRequestException>(error).HttpRequestError);
    }

    [Fact]
    public async Task A_connect_timeout_was_never_sent()
    {
        var never = new TaskCompletionSource<Stream>();
        using var handler = new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromMilliseconds(50),
            ConnectCallback = (_, cancellationToken) => new(never.Task.WaitAsync(cancellationToken)),
        };

        (AttemptFault fault, Exception? error) = await SendAsync("POST", new Uri("http://member.invalid/"), withContent: true, handler);

        Assert.Equal(AttemptFault.NeverSent, fault);
        Assert.IsType<TaskCanceledException>(error);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task A_machine_that_does_not_answer_to_a_connection_was_never_sent(string version)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        using var gone = new FullListener();
        using var handler = new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromMilliseconds(200) };

        (AttemptFault fault, Exception? error) = await SendAsync("POST", gone.Address, withContent: true, handler, version: Version.Parse(version));

        Assert.Equal(AttemptFault.NeverSent, fault);
        Assert.IsType<TimeoutException>(Assert.IsType<TaskCanceledException>(error).InnerException);
    }

    // dotnet/runtime#114957. Over HTTP/1.1 they would end at once.
    [Fact]
    public async Task Requests_that_wait_for_an_HTTP2_connection_end_one_after_the_other()
    {
        int attempts = 0, atOnce = 0, most = 0;
        using var handler = new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromMilliseconds(50),
            ConnectCallback = async (_, cancellationToken) =>
            {
                attempts++;
                most = Math.Max(most, ++atOnce);
                await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                atOnce--;
                throw new OperationCanceledException(cancellationToken);
            },
        };

        (AttemptFault Fault, Exception?)[] ends = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => SendAsync("POST", new Uri("http://member.invalid/"), withContent: true, handler, version: HttpVersion.Version20)));

        Assert.All(ends, end => Assert.Equal(AttemptFault.NeverSent, end.Fault));
        Assert.Equal((3, 1), (attempts, most));
    }

    // The timeout of a client within a client: the request may well have been sent.
    [Fact]
    public async Task The_timeout_of_a_client_is_no_connect_timeout()
    {
        using var server = new RawServer(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.ReadRequestAsync();
        });
        using var client = new HttpClient { Timeout = TimeSpan.FromMilliseconds(50) };
        using var request = new HttpRequestMessage(HttpMethod.Post, server.Address) { Content = new StringContent("x") };

        Exception? error = await Record.ExceptionAsync(() => client.SendAsync(request));

        Assert.Equal(AttemptFault.Lost, Faults.Of(error!, request, default));
    }

    [Theory]
    [InlineData("GET", false)]
    [InlineData("GET", true)]
    [InlineData("POST", false)]
    [InlineData("POST", true)]
    public async Task A_connection_that_dies_after_the_request_is_lost(string method, bool reset)
    {
        using var server = new RawServer(async connection =>
        {
            await connection.ReadRequestAsync();
            connection.Close(reset);
        });

        (AttemptFault fault, _) = await SendAsync(method, server.Address, withContent: method == "POST");

        Assert.Equal(AttemptFault.Lost, fault);
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.6\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Le")]
    public async Task What_is_no_answer_is_lost(string answer)
    {
        using var server = new RawServer(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.SendAsync(answer);
            connection.Close(reset: false);
        });

        Assert.Equal(AttemptFault.Lost, (await SendAsync("POST", server.Address, withContent: true)).Fault);
        Assert.Equal(1, server.Requests);
    }

    [Theory]
    [InlineData("GET", false)]
    [InlineData("POST", false)]
    [InlineData("POST", true)]
    public async Task A_pooled_connection_that_died_while_idle_was_never_sent(string method, bool reset)
    {
        var closed = new TaskCompletionSource();
        using var server = new RawServer(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.SendAsync(RawServer.Ok);
            await closed.Task;
            connection.StopListening();
            connection.Close(reset);
            closed = new();
        });
        using var handler = new SocketsHttpHandler();
        Assert.Null((await SendAsync("GET", server.Address, withContent: false, handler)).Error);
        closed.SetResult();
        await RefusedAsync(server.Address);

        (AttemptFault fault, _) = await SendAsync(method, server.Address, withContent: method == "POST", handler);

        Assert.Equal(AttemptFault.NeverSent, fault);
        Assert.Equal(1, server.Requests);
    }

    [Fact]
    public async Task A_POST_with_content_is_sent_once_however_its_connection_ends()
    {
        using RawServer server = ClosesAfterEachRequest();

        await SendAsync("POST", server.Address, withContent: true);

        Assert.Equal(1, server.Requests);
    }

    [Fact]
    public async Task A_POST_without_content_is_sent_four_times_by_the_handler_itself()
    {
        using RawServer server = ClosesAfterEachRequest();

        await SendAsync("POST", server.Address, withContent: false);

        Assert.Equal(4, server.Requests);
    }

    [Fact]
    public async Task A_sealed_POST_is_sent_once_and_looks_the_same_on_the_wire()
    {
        var seen = new List<string?>();
        using var server = new RawServer(async connection =>
        {
            seen.Add(await connection.ReadRequestAsync());
            await connection.SendAsync(RawServer.Ok);
        });
        using RawServer closing = ClosesAfterEachRequest();
        using var plain = new HttpRequestMessage(HttpMethod.Post, server.Address);
        using var @sealed = new HttpRequestMessage(HttpMethod.Post, server.Address) { Content = new Seal() };
        using var lost = new HttpRequestMessage(HttpMethod.Post, closing.Address) { Content = new Seal() };
        using var invoker = new HttpMessageInvoker(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero });

        (await invoker.SendAsync(plain, default)).Dispose();
        (await invoker.SendAsync(@sealed, default)).Dispose();
        await Assert.ThrowsAsync<HttpRequestException>(() => invoker.SendAsync(lost, default));

        Assert.Equal(seen[0], seen[1]);
        Assert.Equal(1, closing.Requests);
    }

    // Why a refused connection alone proves nothing: the request was executed on the first connection, and then refused on the second.
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public async Task A_refused_connection_is_no_proof_for_what_the_handler_repeats(bool withContent, bool expectContinue)
    {
        using var server = new RawServer(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.SendAsync(RawServer.Ok);
            await connection.ReadRequestAsync();
            connection.StopListening();
            connection.Close(reset: false);
        });
        using var handler = new SocketsHttpHandler();
        await SendAsync("GET", server.Address, withContent: false, handler);

        (AttemptFault fault, Exception? error) = await SendAsync("POST", server.Address, withContent, handler, expectContinue);

        Assert.Equal(HttpRequestError.ConnectionError, Assert.IsType<HttpRequestException>(error).HttpRequestError);
        Assert.Equal(2, server.Requests);
        Assert.Equal(AttemptFault.Lost, fault);
    }

    private static RawServer ClosesAfterEachRequest() => new(async connection =>
    {
        await connection.ReadRequestAsync();
        connection.Close(reset: false);
    });

    private static async Task RefusedAsync(Uri address)
    {
        while (true)
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(address.Host, address.Port);
            }
            catch (SocketException)
            {
                return;
            }
        }
    }

    private static async Task<(AttemptFault Fault, Exception? Error)> SendAsync(string method, Uri uri, bool withContent, SocketsHttpHandler? handler = null, bool expectContinue = false, Version? version = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), uri)
        {
            Content = withContent ? new StringContent("content") : null,
            Version = version ?? HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        if (expectContinue)
        {
            request.Headers.ExpectContinue = true;
        }

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var invoker = new HttpMessageInvoker(handler ?? new SocketsHttpHandler(), disposeHandler: handler is null);
        try
        {
            using HttpResponseMessage response = await invoker.SendAsync(request, limit.Token);
            await response.Content.ReadAsByteArrayAsync(limit.Token);
            return (Faults.Of(response), null);
        }
        catch (Exception error)
        {
            return (Faults.Of(error, request, limit.Token), error);
        }
    }
}
