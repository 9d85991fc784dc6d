using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Failover.Http.Tests.Protocols.Survival;

/// <summary>A real Kestrel within the test process, which does with each request what the test of the moment says, and writes down what it got.</summary>
internal sealed class SurvivalServer : IAsyncDisposable
{
    private readonly string _name;
    private readonly WebApplication _app;
    private volatile Part _part = new(_ => Task.CompletedTask, [], []);

    private SurvivalServer(string name, WebApplication app)
    {
        _name = name;
        _app = app;
    }

    internal Uri Address { get; private set; } = null!;

    internal static async Task<SurvivalServer> StartAsync(string name, Wire wire, X509Certificate2 certificate)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddGrpc();
        SurvivalServer server = null!;
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            // Tests let clients and servers wait for each other.
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(IPAddress.Loopback, 0, listen =>
            {
                listen.Protocols = wire.Protocols();
                if (wire.HasTls())
                {
                    listen.UseHttps(https => https.ServerCertificateSelector = (_, asked) =>
                    {
                        server._part.Names.Enqueue($"{name} was called {asked}");
                        return certificate;
                    });
                }
            });
        });
        WebApplication app = builder.Build();
        server = new SurvivalServer(name, app);
        app.Use(server.ServeAsync);
        app.UseRouting();
        app.MapGrpcService<TalkingService>();
        await app.StartAsync();
        server.Address = new Uri($"{(wire.HasTls() ? "https" : "http")}://localhost:{new Uri(app.Urls.First()).Port}");
        return server;
    }

    /// <summary>From now on requests are served like this, and written down there.</summary>
    internal void Play(RequestDelegate serve, ConcurrentQueue<Entry> journal) => _part = new(serve, journal, []);

    /// <summary>By which names it was called in TLS handshakes since then. How many there are is the transport's to decide: it may open a connection that it then does not need.</summary>
    internal IEnumerable<string> Names => _part.Names.Distinct();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task ServeAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Request.ContentType == "application/grpc")
        {
            await next(context);
            return;
        }

        Part part = _part;
        var entry = new Entry();
        part.Journal.Enqueue(entry);
        HttpRequest request = context.Request;
        using var body = new RecordingStream(request.Body);
        request.Body = body;
        try
        {
            await part.Serve(context);
        }
        finally
        {
            entry.Lines =
            [
                $"{_name} got: {request.Method} {context.Features.Get<IHttpRequestFeature>()!.RawTarget} {request.Protocol} {request.Scheme}",
                .. request.Headers.Select(header => $"{_name} got header: {header.Key}: {string.Join(" | ", header.Value.AsEnumerable())}"),
                $"{_name} read: {body}",
            ];
        }
    }

    private sealed record Part(RequestDelegate Serve, ConcurrentQueue<Entry> Journal, ConcurrentQueue<string> Names);

    /// <summary>One request, in the order in which they came.</summary>
    internal sealed class Entry
    {
        private volatile IReadOnlyList<string>? _lines;

        /// <summary>Null until the request was served.</summary>
        internal IReadOnlyList<string>? Lines
        {
            get => _lines;
            set => _lines = value;
        }
    }
}
