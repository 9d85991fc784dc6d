using System.Net;
using Failover.Http.Tests.Protocols;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Polly;

namespace Failover.Http.Tests.Neighbours;

/// <summary>Two real servers, and a client of their group beside which stands what Microsoft.Extensions.Http.Resilience adds. All of theirs has its defaults but the delays.</summary>
internal sealed class Beside : IAsyncDisposable
{
    private ServiceProvider _services = null!;

    internal KestrelBackend A { get; private set; } = null!;

    internal KestrelBackend B { get; private set; } = null!;

    internal FakeLogCollector Logs { get; } = new();

    /// <summary>The clock of the timeout of a minute.</summary>
    internal FakeTimeProvider Time { get; } = new();

    internal FailoverGroup Group => _services.GetRequiredService<FailoverGroups>()["orders"];

    internal HttpClient Client => ClientOf("orders");

    /// <summary>What was logged of handlers that stand beside ours.</summary>
    internal IEnumerable<(LogLevel Level, string? Name)> Told =>
        Logs.GetSnapshot().Where(log => log.Id.Id is >= 2040 and < 2050).Select(log => (log.Level, log.Id.Name));

    internal static Task<Beside> StartAsync(Action<IHttpClientBuilder> configure) => StartAsync((client, _) => configure(client));

    internal static Task<Beside> StartAsync(string handler, string order) => StartAsync((client, time) =>
    {
        if (order == "outside")
        {
            Add(client, handler, time);
        }

        client.AddFailover("orders");
        if (order == "inside")
        {
            Add(client, handler, time);
        }
    });

    private static async Task<Beside> StartAsync(Action<IHttpClientBuilder, TimeProvider> configure)
    {
        var beside = new Beside { A = await KestrelBackend.StartAsync(HttpProtocols.Http1), B = await KestrelBackend.StartAsync(HttpProtocols.Http1) };
        var collection = new ServiceCollection();
        collection.AddSingleton<ILoggerFactory>(new Loggers(beside.Logs));
        collection.AddFailover().AddGroup("orders", (_, group) => group.AddMember(beside.A.Address).AddMember(beside.B.Address).UseProbe(new FakeProbe()));
        configure(collection.AddHttpClient("orders"), beside.Time);
        beside._services = collection.BuildServiceProvider();
        await Given.AllHealthyAsync(beside.Group);
        return beside;
    }

    /// <summary>Puts the handlers of a client together anew, as the factory does every two minutes.</summary>
    internal void PutTogether()
    {
        HttpMessageHandlerBuilder handlers = _services.GetRequiredService<HttpMessageHandlerBuilder>();
        handlers.Name = "orders";
        foreach (Action<HttpMessageHandlerBuilder> action in _services.GetRequiredService<IOptionsMonitor<HttpClientFactoryOptions>>().Get("orders").HttpMessageHandlerBuilderActions)
        {
            action(handlers);
        }
    }

    internal HttpClient ClientOf(string name) => _services.GetRequiredService<IHttpClientFactory>().CreateClient(name);

    /// <summary>Sends a request to the group. Returns the status, or how it ended.</summary>
    internal async Task<string> SendAsync(string method, bool withKey = false)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), A.Address) { Content = method == "POST" ? new StringContent("x") : null };
        if (withKey)
        {
            request.Headers.Add("Idempotency-Key", "1");
        }

        try
        {
            using HttpResponseMessage response = await Client.SendAsync(request);
            return ((int)response.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture);
        }
        catch (Exception error) when (error is HttpRequestException or ExecutionRejectedException)
        {
            return error.GetType().Name;
        }
    }

    /// <summary>How often each of the two has got it.</summary>
    internal (int A, int B) Got(string method) => (A.Requests.Count(asked => asked.Method == method), B.Requests.Count(asked => asked.Method == method));

    internal static Task Break(HttpContext context)
    {
        context.Abort();
        return Task.CompletedTask;
    }

    internal static Func<HttpContext, Task> Status(HttpStatusCode status) => context =>
    {
        context.Response.StatusCode = (int)status;
        return Task.CompletedTask;
    };

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await A.DisposeAsync();
        await B.DisposeAsync();
    }

    private static void Add(IHttpClientBuilder client, string handler, TimeProvider time)
    {
        switch (handler)
        {
            case "none":
                break;
            case "standard":
                client.AddStandardResilienceHandler(options =>
                {
                    Quick(options.Retry);
                    options.CircuitBreaker.BreakDuration = TimeSpan.FromMinutes(1);
                });
                break;
            case "standard, safe":
                client.AddStandardResilienceHandler(options => Quick(options.Retry).DisableForUnsafeHttpMethods());
                break;
            case "standard, by authority":
                client.AddStandardResilienceHandler(options => Quick(options.Retry)).SelectPipelineByAuthority();
                break;
            case "hedging":
                client.AddStandardHedgingHandler().Configure(options => options.Hedging.Delay = TimeSpan.FromSeconds(20));
                break;
            case "hedging, quick":
                client.AddStandardHedgingHandler().Configure(options => options.Hedging.Delay = TimeSpan.FromMilliseconds(50));
                break;
            case "retry":
                client.AddResilienceHandler("retry", pipeline => pipeline.AddRetry(Quick(new())));
                break;
            case "retry, slow":
                client.AddResilienceHandler("retry", pipeline =>
                {
                    pipeline.TimeProvider = time;
                    pipeline.AddRetry(new HttpRetryStrategyOptions { Delay = TimeSpan.FromMinutes(1) });
                });
                break;
            case "retry, safe":
                client.AddResilienceHandler("retry", pipeline =>
                {
                    HttpRetryStrategyOptions options = Quick(new());
                    options.DisableForUnsafeHttpMethods();
                    pipeline.AddRetry(options);
                });
                break;
            case "timeout":
                client.AddResilienceHandler("timeout", pipeline =>
                {
                    pipeline.TimeProvider = time;
                    pipeline.AddTimeout(TimeSpan.FromMinutes(1));
                });
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(handler), handler, null);
        }
    }

    private static HttpRetryStrategyOptions Quick(HttpRetryStrategyOptions retry)
    {
        (retry.Delay, retry.BackoffType, retry.UseJitter) = (TimeSpan.FromMilliseconds(1), DelayBackoffType.Constant, false);
        return retry;
    }
}
