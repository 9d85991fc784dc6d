using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Failover.Scenarios.Servers;

namespace Failover.Scenarios.Load;

/// <summary>Sends requests at a constant rate, whatever becomes of those before: each goes out when it is due, on a thread of its own schedule.</summary>
internal sealed class OpenLoad
{
    private readonly HttpClient _client;
    private readonly HttpMethod _method;
    private readonly int _rate;
    private readonly ConcurrentQueue<Call> _calls = [];
    private readonly ConcurrentQueue<Task> _sending = [];
    private readonly CancellationTokenSource _giveUp = new();
    private readonly Thread _schedule;
    private volatile bool _stopped;

    internal OpenLoad(HttpClient client, HttpMethod method, int rate)
    {
        _client = client;
        _method = method;
        _rate = rate;
        _schedule = new Thread(Run) { IsBackground = true, Name = "load", Priority = ThreadPriority.AboveNormal };
    }

    internal void Start() => _schedule.Start();

    /// <summary>Whether a server has answered a request that was due after a moment.</summary>
    internal bool HasAnswered(string server, long due) => _calls.Any(c => c.Server == server && c.Due >= due);

    /// <summary>Sends no more, waits for what is on its way, and gives up on it after the limit.</summary>
    internal async Task<IReadOnlyCollection<Call>> StopAsync(TimeSpan limit)
    {
        _stopped = true;
        _schedule.Join();
        _giveUp.CancelAfter(limit);
        await Task.WhenAll(_sending);
        _giveUp.Dispose();
        return _calls;
    }

    private void Run()
    {
        long start = Stopwatch.GetTimestamp();
        for (long number = 0; ; number++)
        {
            long due = start + (number * Stopwatch.Frequency / _rate);
            while (!_stopped && Stopwatch.GetTimestamp() < due)
            {
                Thread.Sleep(1);
            }

            if (_stopped)
            {
                return;
            }

            string name = number.ToString(CultureInfo.InvariantCulture);
            _sending.Enqueue(Task.Run(() => SendAsync(name, due)));
        }
    }

    private async Task SendAsync(string name, long due)
    {
        string? server = null;
        string? failure = null;
        bool unknown = false;
        try
        {
            using HttpRequestMessage request = new(_method, _method == HttpMethod.Post ? ServerPaths.Orders : ServerPaths.Work);
            request.Headers.Add(ServerPaths.CallHeader, name);
            request.Content = _method == HttpMethod.Post ? new StringContent(name) : null;
            using HttpResponseMessage response = await _client.SendAsync(request, _giveUp.Token);
            server = response.IsSuccessStatusCode ? response.Headers.GetValues(ServerPaths.ServerHeader).First() : null;
            failure = response.IsSuccessStatusCode ? null : $"status {(int)response.StatusCode}";
        }
        catch (Exception error)
        {
            failure = error is HttpRequestException http ? http.HttpRequestError.ToString() : error.GetType().Name;
            unknown = error is not HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError };
        }

        _calls.Enqueue(new(name, due, Stopwatch.GetTimestamp(), server, failure, unknown));
    }
}
