using System.Collections.Concurrent;

namespace Failover.AspNetCore.Tests;

/// <summary>Some callers that ask the nodes behind a balancer without a pause, and remember each request that failed.</summary>
internal sealed class Callers
{
    private readonly CancellationTokenSource _over = new();
    private readonly ConcurrentQueue<string> _failures = [];
    private readonly ConcurrentDictionary<string, int> _answers = [];
    private readonly Task[] _callers;

    internal Callers(HttpClient client, int count, string path = "/who", HttpMethod? method = null)
    {
        _callers = [.. Enumerable.Range(0, count).Select(_ => Task.Run(() => CallAsync(client, path, method ?? HttpMethod.Get)))];
    }

    /// <summary>How often somebody answered, by what the answer was.</summary>
    internal IReadOnlyDictionary<string, int> Answers => _answers;

    /// <summary>Waits until some more calls got an answer.</summary>
    internal Task MoreAsync(string answer, int count)
    {
        int before = _answers.GetValueOrDefault(answer);
        return App.UntilAsync(() => _answers.GetValueOrDefault(answer) >= before + count, $"callers are answered {answer}");
    }

    /// <summary>Ends the calls, and tells which failed.</summary>
    internal async Task<IReadOnlyCollection<string>> EndAsync()
    {
        await _over.CancelAsync();
        await Task.WhenAll(_callers);
        return _failures;
    }

    private async Task CallAsync(HttpClient client, string path, HttpMethod method)
    {
        while (!_over.IsCancellationRequested)
        {
            try
            {
                using HttpRequestMessage request = new(method, path);
                using HttpResponseMessage response = await client.SendAsync(request, CancellationToken.None);
                string answer = await response.Content.ReadAsStringAsync(CancellationToken.None);
                if (response.IsSuccessStatusCode)
                {
                    _answers.AddOrUpdate(answer, 1, static (_, count) => count + 1);
                }
                else
                {
                    _failures.Enqueue($"{(int)response.StatusCode} {answer}");
                }
            }
            catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
            {
                _failures.Enqueue(exception.Message);
            }

            // Others need the processor as well.
            await Task.Delay(5, CancellationToken.None);
        }
    }
}
