using System.Globalization;
using System.Security.Cryptography;
using Failover.Http.Tests.Protocols;
using Failover.Http.Tests.Protocols.Survival;
using Microsoft.AspNetCore.Http;

namespace Failover.Http.Tests.Connections;

/// <summary>A real server that counts its connections, and holds some answers back until it is told.</summary>
internal sealed class Backend : IAsyncDisposable
{
    internal static readonly byte[] Large = RandomNumberGenerator.GetBytes(1024 * 1024);

    private readonly string _name;
    private readonly KestrelBackend _server;
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _held;

    private Backend(string name, KestrelBackend server)
    {
        _name = name;
        _server = server;
        server.Instead = ServeAsync;
    }

    internal Uri Address => _server.Address;

    internal int Opened => _server.Opened;

    internal int Open => _server.Open;

    /// <summary>How many requests are held back.</summary>
    internal int Held => Volatile.Read(ref _held);

    /// <summary>What it asks its callers to keep; null for nothing.</summary>
    internal string? Cookie { get; set; }

    /// <summary>What the last caller had kept.</summary>
    internal string? LastCookie => _server.Requests.Last().Headers.GetValueOrDefault("Cookie");

    internal static async Task<Backend> StartAsync(string name, Wire wire) => new(name, await KestrelBackend.StartAsync(wire.Protocols(), wire.HasTls()));

    /// <summary>Waits until none of its connections is open.</summary>
    internal Task ClosedAsync() => Given.UntilAsync(() => Open == 0, () => $"{Open} of {Opened} connections are open");

    internal void Release() => _released.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        Release();
        await _server.DisposeAsync();
    }

    private async Task ServeAsync(HttpContext context)
    {
        switch (context.Request.Path.Value)
        {
            case "/download":
                await context.Response.Body.WriteAsync(Large.AsMemory(0, 1000));
                await context.Response.Body.FlushAsync();
                await HoldAsync();
                await context.Response.Body.WriteAsync(Large.AsMemory(1000));
                break;
            case "/wait":
                await HoldAsync();
                await context.Response.WriteAsync(_name);
                break;
            case "/upload":
                await context.Response.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"{_name} got {_server.Requests.Last(asked => asked.PathAndQuery == "/upload").Body.Length}"));
                break;
            default:
                if (Cookie is not null)
                {
                    context.Response.Headers.SetCookie = Cookie;
                }

                await context.Response.WriteAsync(_name);
                break;
        }
    }

    private Task HoldAsync()
    {
        Interlocked.Increment(ref _held);
        return _released.Task;
    }
}
