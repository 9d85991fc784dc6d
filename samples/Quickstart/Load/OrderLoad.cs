using System.Net;
using System.Net.Http.Json;
using Quickstart.Servers;

namespace Quickstart.Load;

/// <summary>Sends GETs and POSTs at a constant rate, whether earlier ones were answered or not, as users do.</summary>
internal sealed class OrderLoad(IHttpClientFactory clients, LoadLog log)
{
    internal const int GetsPerSecond = 100;
    internal const int PostsPerSecond = 20;

    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1) / GetsPerSecond;

    /// <summary>Sends until <paramref name="stop"/>, and then waits for the answers still to come.</summary>
    internal async Task RunAsync(CancellationToken stop)
    {
        List<Task> calls = [];
        TimeSpan start = log.Now;
        for (int step = 0; !stop.IsCancellationRequested; step++)
        {
            TimeSpan due = start + (step * Step);
            if (due - log.Now is { Ticks: > 0 } wait)
            {
                await Task.Delay(wait, CancellationToken.None);
            }

            calls.Add(SendAsync(Begin(step, isPost: false, due)));
            if (step % (GetsPerSecond / PostsPerSecond) == 0)
            {
                calls.Add(SendAsync(Begin(step, isPost: true, due)));
            }
        }

        await Task.WhenAll(calls);
    }

    private Call Begin(int order, bool isPost, TimeSpan due)
    {
        var call = new Call(order, isPost, log.Phase, due);
        log.Calls.Enqueue(call);
        return call;
    }

    private async Task SendAsync(Call call)
    {
        try
        {
            HttpClient client = clients.CreateClient("orders");
            using HttpResponseMessage response = call.IsPost
                ? await client.PostAsJsonAsync("orders", new Order(call.Order))
                : await client.GetAsync($"orders/{call.Order}");
            call.Finish(log.Now, EndOf(response, call.IsPost), response.IsSuccessStatusCode ? null : $"status {(int)response.StatusCode}");
        }
        catch (Exception error)
        {
            call.Finish(log.Now, EndOf(error, call.IsPost), error.Message);
        }
    }

    private static CallEnd EndOf(HttpResponseMessage response, bool isPost) => response switch
    {
        { IsSuccessStatusCode: true } => CallEnd.Done,
        { StatusCode: HttpStatusCode.ServiceUnavailable } when isPost => CallEnd.Refused,
        _ => CallEnd.Failed,
    };

    /// <summary>Without a connection nothing left; after that nobody can say whether the server executed it.</summary>
    private static CallEnd EndOf(Exception error, bool isPost) => error switch
    {
        _ when !isPost => CallEnd.Failed,
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError } => CallEnd.Refused,
        _ => CallEnd.Unknown,
    };
}
