using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using OrdersOnPatroni.Shop;

namespace OrdersOnPatroni.Load;

/// <summary>Customers: an order each 25 ms and a look at the orders each 200 ms, whether those before were answered or not. No order is sent twice.</summary>
internal sealed class OrderLoad : IAsyncDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(25);
    private const int OrdersPerRead = 8;

    private readonly HttpClient _client;
    private readonly CancellationTokenSource _over = new();
    private readonly ConcurrentQueue<OrderAttempt> _attempts = [];
    private readonly Task _running;
    private int _reads;
    private int _failedReads;

    internal OrderLoad(Uri shop)
    {
        _client = new HttpClient { BaseAddress = shop, Timeout = TimeSpan.FromSeconds(45) };
        _running = RunAsync();
    }

    internal IReadOnlyCollection<OrderAttempt> Attempts => _attempts;

    internal int Sent { get; private set; }

    internal int Reads => Volatile.Read(ref _reads);

    internal int FailedReads => Volatile.Read(ref _failedReads);

    /// <summary>Which node answered the last look.</summary>
    internal int ReadPort { get; private set; }

    /// <summary>Sends no more, and waits for the answers to all that was sent.</summary>
    internal async Task EndAsync()
    {
        await _over.CancelAsync();
        await _running;
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _client.Dispose();
        _over.Dispose();
    }

    private async Task RunAsync()
    {
        List<Task> calls = [];
        using PeriodicTimer pace = new(Pace);
        while (!_over.IsCancellationRequested)
        {
            calls.Add(OrderAsync(++Sent));
            if (Sent % OrdersPerRead == 0)
            {
                calls.Add(ReadAsync());
            }

            calls.RemoveAll(static call => call.IsCompleted);
            await pace.WaitForNextTickAsync(CancellationToken.None);
        }

        await Task.WhenAll(calls);
    }

    private async Task OrderAsync(long number)
    {
        long started = Stopwatch.GetTimestamp();
        (OrderEnd end, int timeline, string? words) = await TellAsync(number);
        _attempts.Enqueue(new(number, started, Stopwatch.GetTimestamp(), end, timeline, words));
    }

    private async Task<(OrderEnd End, int Timeline, string? Words)> TellAsync(long number)
    {
        try
        {
            using HttpResponseMessage answer = await _client.PostAsJsonAsync("/orders", new NewOrder(number, "a book"));
            if (answer.StatusCode == HttpStatusCode.Created)
            {
                return (OrderEnd.Accepted, (await answer.Content.ReadFromJsonAsync<TakenOrder>())!.Timeline, null);
            }

            string words = (await answer.Content.ReadFromJsonAsync<Refusal>())!.Because;
            return (words switch { Refusal.Unknown => OrderEnd.Unknown, Refusal.NotExecuted => OrderEnd.Refused, _ => OrderEnd.Error }, 0, words);
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or System.Text.Json.JsonException)
        {
            return (OrderEnd.Error, 0, exception.Message);
        }
    }

    private async Task ReadAsync()
    {
        Interlocked.Increment(ref _reads);
        try
        {
            ReadPort = (await _client.GetFromJsonAsync<OrderCount>("/orders"))!.Port;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            Interlocked.Increment(ref _failedReads);
        }
    }
}
