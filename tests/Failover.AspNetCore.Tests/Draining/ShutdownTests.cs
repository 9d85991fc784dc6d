using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Failover.AspNetCore.Tests.Draining;

public class ShutdownTests
{
    [Fact]
    public async Task A_shutdown_holds_the_listener_open_says_503_and_sends_clients_away_until_its_time_is_over()
    {
        FakeTimeProvider time = new();
        TaskCompletionSource goesOn = new();
        TaskCompletionSource isIn = new();
        await using App app = await App.StartAsync(
            builder =>
            {
                builder.Configuration["Failover:Draining:Hold"] = "00:00:10";
                builder.Services.AddSingleton<TimeProvider>(time);
            },
            (app, _) =>
            {
                app.MapFailoverHealth("/health");
                app.MapGet("/work", async () => { isIn.SetResult(); await goesOn.Task; return "done"; });
            });
        Task<string> inFlight = app.BodyAsync("/work");
        await isIn.Task;

        Task stopped = app.StopAsync();
        await App.UntilAsync(() => app.Log.GetSnapshot().Any(record => record.Id == 5010), "the shutdown holds");
        for (int at = 0; at < 9; at++)
        {
            using HttpResponseMessage response = await app.Client.GetAsync("/health/ready");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
            Assert.Equal(["60"], response.Headers.GetValues("Failover-Drain"));
            Assert.True(response.Headers.ConnectionClose);
            time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.False(stopped.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));
        await App.UntilAsync(() => Refuses(app), "the listener is closed");
        Assert.False(stopped.IsCompleted);
        goesOn.SetResult();

        Assert.Equal("done", await inFlight);
        await stopped.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_logger_that_throws_does_not_end_a_shutdown()
    {
        FakeTimeProvider time = new();
        FullLogs logs = new();
        await using App app = await App.StartAsync(builder =>
        {
            builder.Configuration["Failover:Draining:Hold"] = "00:00:10";
            builder.Services.AddSingleton<TimeProvider>(time).AddSingleton<ILoggerProvider>(logs);
        });

        Task stopped = app.StopAsync();
        await App.UntilAsync(() => logs.HasThrown, "the shutdown holds");
        Assert.False(stopped.IsCompleted);

        // The hold begins a moment after it was told.
        await App.UntilAsync(HasEnded, "the shutdown ends");
        await stopped;

        bool HasEnded()
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return stopped.IsCompleted;
        }
    }

    /// <summary>Where the shutdown is logged there is no room.</summary>
    private sealed class FullLogs : ILoggerProvider, ILogger
    {
        private volatile bool _hasThrown;

        internal bool HasThrown => _hasThrown;

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (eventId.Id == 5010)
            {
                _hasThrown = true;
                throw new IOException("No space left on device");
            }
        }

        public void Dispose()
        {
        }
    }

    [Fact]
    public async Task A_signal_drains_before_the_host_gets_round_to_stopping()
    {
        await using App app = await App.StartAsync();
        app.Stopping();

        Assert.Equal(["shutdown"], app.Drain.Reasons);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await app.StatusAsync("/health"));
    }

    [Fact]
    public async Task A_web_socket_can_still_be_opened_while_a_shutdown_holds()
    {
        await using App app = await App.StartAsync(_ => { }, (app, _) =>
        {
            app.UseWebSockets();
            app.Map("/socket", async context =>
            {
                using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync();
                await socket.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, context.RequestAborted);
                await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, context.RequestAborted);
            });
        });
        app.Stopping();
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(30));
        using ClientWebSocket client = new();
        await client.ConnectAsync(new($"ws://127.0.0.1:{app.Port}/socket"), limit.Token);
        byte[] buffer = new byte[16];
        ValueWebSocketReceiveResult received = await client.ReceiveAsync(buffer.AsMemory(), limit.Token);

        Assert.Equal("hello", System.Text.Encoding.ASCII.GetString(buffer, 0, received.Count));
        await client.CloseAsync(WebSocketCloseStatus.NormalClosure, null, limit.Token);
    }

    [Fact]
    public async Task A_hold_that_is_longer_than_the_shutdown_timeout_allows_is_cut_and_told_at_the_start()
    {
        await using App app = await App.StartAsync(builder =>
        {
            builder.Configuration["Failover:Draining:Hold"] = "00:00:10";
            builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromMilliseconds(100));
        });

        var told = Assert.Single(app.Log.GetSnapshot(), record => record.Id == 5011);
        Assert.Equal(LogLevel.Warning, told.Level);
        Assert.Equal("A shutdown will hold for 00:00:00.0800000 and not for 00:00:10: the shutdown timeout is 00:00:00.1000000, and requests in flight need time after it. Lengthen HostOptions.ShutdownTimeout.", told.Message);
        await app.StopAsync().WaitAsync(TimeSpan.FromSeconds(30));
    }

    private static bool Refuses(App app)
    {
        try
        {
            using TcpClient client = new();
            client.Connect(IPAddress.Loopback, app.Port);
            return false;
        }
        catch (SocketException)
        {
            return true;
        }
    }
}
