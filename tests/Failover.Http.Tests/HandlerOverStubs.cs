using Microsoft.Extensions.Logging.Testing;

namespace Failover.Http.Tests;

/// <summary>Tests of a handler over stubs, with a group of two whose probe they control.</summary>
public abstract class HandlerOverStubs : IAsyncDisposable
{
    private protected readonly FakeLogCollector _logs = new();
    private protected readonly FakeProbe _probe = new();
    private protected readonly FailoverGroup _group;

    protected HandlerOverStubs() => _group = Given.Group(_probe, "https://a", "https://b");

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return _group.DisposeAsync();
    }

    private protected static string Told(FailoverGroup group, int member)
    {
        (long succeeded, long failed, long disputed, int waiting) = Given.Told(group, member);
        Assert.Equal(0, waiting);
        return $"{succeeded}/{failed}/{disputed}";
    }

    private protected static async Task<string> ResultAsync(Func<Task<HttpResponseMessage>> send)
    {
        try
        {
            using HttpResponseMessage response = await send();
            return $"{(int)response.StatusCode}";
        }
        catch (HttpRequestException error)
        {
            return error.HttpRequestError.ToString();
        }
        catch (InvalidOperationException error)
        {
            return error.GetType().Name;
        }
    }

    private protected HttpMessageInvoker Client(HttpMessageHandler backends, FailoverGroup? group = null) =>
        new(new FailoverHandler(group ?? _group, new Loggers(_logs)) { InnerHandler = backends });
}
