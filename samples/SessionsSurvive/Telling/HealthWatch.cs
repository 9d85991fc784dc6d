using System.Net;

namespace SessionsSurvive.Telling;

/// <summary>Asks <c>/health</c> and <c>/health/ready</c> ten times a second, as operators and as a load balancer.</summary>
internal sealed class HealthWatch : IAsyncDisposable
{
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(30) };
    private readonly CancellationTokenSource _over = new();
    private readonly Task _running;

    internal HealthWatch(Uri node) => _running = RunAsync(new(node, "/health"), new(node, "/health/ready"));

    internal int Asked { get; private set; }

    /// <summary>How often <c>/health</c> did not say 200.</summary>
    internal int Failing { get; private set; }

    /// <summary>How often <c>/health/ready</c> did not: a load balancer would have sent nothing more here.</summary>
    internal int OutOfService { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _running;
        _client.Dispose();
        _over.Dispose();
    }

    private async Task RunAsync(Uri health, Uri ready)
    {
        using PeriodicTimer pace = new(TimeSpan.FromMilliseconds(100));
        bool isInService = false;
        while (!_over.IsCancellationRequested)
        {
            using HttpResponseMessage operators = await _client.GetAsync(health);
            using HttpResponseMessage balancer = await _client.GetAsync(ready);

            // It has just been started: a load balancer waits for the first good answer.
            if (isInService |= balancer.StatusCode == HttpStatusCode.OK)
            {
                Failing += operators.StatusCode == HttpStatusCode.OK ? 0 : 1;
                OutOfService += balancer.StatusCode == HttpStatusCode.OK ? 0 : 1;
                Asked++;
            }

            await pace.WaitForNextTickAsync(CancellationToken.None);
        }
    }
}
