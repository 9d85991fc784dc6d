using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Failover.Http.Tests.Protocols;

/// <summary>A real Kestrel server within the test process. It keeps what it was asked.</summary>
internal sealed class KestrelBackend : IAsyncDisposable
{
    /// <summary>The item of the context that holds the request's body.</summary>
    internal const string BodyItem = "body";

    private readonly WebApplication _app;
    private int _opened;
    private int _closed;

    private KestrelBackend(WebApplication app) => _app = app;

    internal Uri Address { get; private set; } = null!;

    internal ConcurrentQueue<Asked> Requests { get; } = [];

    /// <summary>The names that clients asked for in their TLS handshakes.</summary>
    internal ConcurrentQueue<string?> ServerNames { get; } = [];

    /// <summary>How many connections it has accepted so far.</summary>
    internal int Opened => Volatile.Read(ref _opened);

    /// <summary>How many of them are open.</summary>
    internal int Open => Opened - Volatile.Read(ref _closed);

    /// <summary>What to answer in place of 200; null for that.</summary>
    internal Func<HttpContext, Task>? Instead { get; set; }

    internal static async Task<KestrelBackend> StartAsync(HttpProtocols protocols, bool withTls = false, Action<WebApplication>? map = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddGrpc();
        KestrelBackend backend = null!;
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = protocols;
            listen.Use(next => connection => backend.CountAsync(connection, next));
            if (withTls)
            {
                X509Certificate2 certificate = SelfSigned();
                listen.UseHttps(https => https.ServerCertificateSelector = (_, name) =>
                {
                    backend.ServerNames.Enqueue(name);
                    return certificate;
                });
            }
        }));
        WebApplication app = builder.Build();
        backend = new KestrelBackend(app);
        app.Use(backend.ServeAsync);
        app.UseRouting();
        map?.Invoke(app);
        app.MapFallback((HttpContext context) => context.Response.WriteAsync("ok"));
        await app.StartAsync();
        int port = new Uri(app.Urls.First()).Port;
        backend.Address = new Uri($"{(withTls ? "https" : "http")}://localhost:{port}");
        return backend;
    }

    /// <summary>Listens no more.</summary>
    internal Task StopAsync() => _app.StopAsync();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    internal static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }

    private async Task CountAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        Interlocked.Increment(ref _opened);
        try
        {
            await next(connection);
        }
        finally
        {
            Interlocked.Increment(ref _closed);
        }
    }

    private async Task ServeAsync(HttpContext context, RequestDelegate next)
    {
        string body = "";
        if (context.Request.ContentType?.StartsWith("application/grpc", StringComparison.Ordinal) != true)
        {
            using var reader = new StreamReader(context.Request.Body, leaveOpen: true);
            body = await reader.ReadToEndAsync();
        }

        context.Items[BodyItem] = body;
        Requests.Enqueue(new(
            context.Request.Method,
            context.Request.GetEncodedPathAndQuery(),
            context.Request.Host.Value ?? "",
            context.Request.Protocol,
            context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            body));
        await (Instead?.Invoke(context) ?? next(context));
    }
}

internal sealed record Asked(string Method, string PathAndQuery, string Host, string Protocol, Dictionary<string, string> Headers, string Body);
