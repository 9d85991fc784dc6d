using System.Collections.Concurrent;
using System.Net;

namespace Failover.Http.Tests.Processes;

/// <summary>A constant stream of GETs, and of POSTs each with an id of its own, with what became of each.</summary>
internal sealed class Load : IAsyncDisposable
{
    private readonly string _name = $"{Guid.NewGuid():N}";
    private readonly HttpClient _client;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _requests = [];
    private readonly Task _running;
    private int _begun;
    private int _gets;

    internal Load(HttpClient client)
    {
        _client = client;
        _running = Task.Run(RunAsync);
    }

    /// <summary>How many GETs have ended.</summary>
    internal int Gets => Volatile.Read(ref _gets);

    internal ConcurrentQueue<string> FailedGets { get; } = [];

    internal ConcurrentQueue<string> Done { get; } = [];

    /// <summary>Told to have failed before anything was executed: a status, or no connection.</summary>
    internal ConcurrentQueue<string> Refused { get; } = [];

    internal ConcurrentQueue<string> Unknown { get; } = [];

    /// <summary>Waits until that many more GETs have ended.</summary>
    internal Task MoreAsync(int gets)
    {
        int goal = Gets + gets;
        return Given.UntilAsync(() => Gets >= goal, () => $"{Gets} of {goal} GETs");
    }

    /// <summary>Sends no more, and waits for the GETs that are under way.</summary>
    internal async Task EndGetsAsync()
    {
        await _stop.CancelAsync();
        await _running.WaitAsync(Given.Limit);
        await Given.UntilAsync(() => Gets == _begun, () => $"{Gets} of {_begun} GETs");
    }

    /// <summary>Sends no more, and waits for what is under way.</summary>
    internal async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running.WaitAsync(Given.Limit);
        await Task.WhenAll(_requests).WaitAsync(Given.Limit);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        for (int i = 0; !_stop.IsCancellationRequested; i++)
        {
            await timer.WaitForNextTickAsync();
            _begun++;
            _requests.Add(GetAsync());
            if (i % 5 == 0)
            {
                _requests.Add(PostAsync($"{_name}-{i}"));
            }
        }
    }

    private async Task GetAsync()
    {
        try
        {
            using HttpResponseMessage response = await _client.GetAsync(new Uri("work", UriKind.Relative));
            if (!response.IsSuccessStatusCode)
            {
                FailedGets.Enqueue($"{(int)response.StatusCode}");
            }
        }
        catch (Exception error)
        {
            FailedGets.Enqueue(error.ToString());
        }

        Interlocked.Increment(ref _gets);
    }

    private async Task PostAsync(string id)
    {
        try
        {
            using var content = new StringContent(id);
            using HttpResponseMessage response = await _client.PostAsync(new Uri("orders", UriKind.Relative), content);
            (response.StatusCode == HttpStatusCode.OK ? Done : Refused).Enqueue(id);
        }
        catch (HttpRequestException error) when (error.HttpRequestError == HttpRequestError.ConnectionError)
        {
            Refused.Enqueue(id);
        }
        catch (HttpRequestException)
        {
            Unknown.Enqueue(id);
        }
    }
}
