using System.Collections.Concurrent;
using Failover.Http.Tests.Protocols;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Failover.Http.Tests.Draining;

/// <summary>A real server that executes what it serves, and says of its leaving what it is told to say.</summary>
internal sealed class LeavingServer : IAsyncDisposable
{
    private readonly KestrelBackend _backend;
    private int _probes;

    private LeavingServer(KestrelBackend backend) => _backend = backend;

    internal Uri Address => _backend.Address;

    /// <summary>The bodies of the POSTs that were executed.</summary>
    internal ConcurrentQueue<string> Executed { get; } = [];

    /// <summary>How many probes came.</summary>
    internal int Probes => Volatile.Read(ref _probes);

    /// <summary>How many other requests came while it said something.</summary>
    internal int SaidTo;

    /// <summary>What it answers to requests.</summary>
    internal Word ToRequests { get; set; } = Word.Nothing;

    /// <summary>What it answers to probes.</summary>
    internal Word ToProbes { get; set; } = Word.Nothing;

    internal static async Task<LeavingServer> StartAsync(string version)
    {
        KestrelBackend backend = await KestrelBackend.StartAsync(version == "1.1" ? HttpProtocols.Http1 : HttpProtocols.Http2);
        var server = new LeavingServer(backend);
        backend.Instead = server.ServeAsync;
        return server;
    }

    public ValueTask DisposeAsync() => _backend.DisposeAsync();

    private Task ServeAsync(HttpContext context)
    {
        bool isProbe = context.Request.Path == "/health";
        Word word = isProbe ? ToProbes : ToRequests;
        if (word.Name is { } name)
        {
            context.Response.Headers[name] = word.Value;
        }

        context.Response.StatusCode = word.Status;
        if (isProbe)
        {
            Interlocked.Increment(ref _probes);
        }
        else
        {
            Interlocked.Add(ref SaidTo, word.Name is null ? 0 : 1);
            if (word.Status == 200 && HttpMethods.IsPost(context.Request.Method))
            {
                Executed.Enqueue((string)context.Items[KestrelBackend.BodyItem]!);
            }
        }

        return context.Response.WriteAsync("ok");
    }

    /// <param name="Status">The status.</param>
    /// <param name="Name">The name of a header; null for none.</param>
    /// <param name="Value">Its value.</param>
    internal sealed record Word(int Status, string? Name, string? Value)
    {
        internal static readonly Word Nothing = new(200, null, null);

        internal static Word Leaves(int status, string seconds) => new(status, "Failover-Drain", seconds);

        internal static Word PutsOff(string retryAfter) => new(503, "Retry-After", retryAfter);
    }
}
