using System.Diagnostics;

namespace Failover.Scenarios.Health.Load;

/// <summary>Connections that stay open and ask at the same time, each as soon as it has its answer, or at a pace.</summary>
internal sealed class Hammer : IDisposable
{
    private readonly List<Connection> _connections = [];

    private Hammer()
    {
    }

    internal static async Task<Hammer> OpenAsync(int port, int connections)
    {
        Hammer hammer = new();
        try
        {
            while (hammer._connections.Count < connections)
            {
                hammer._connections.Add(await Connection.OpenAsync(port, "/health", CancellationToken.None));
            }

            return hammer;
        }
        catch
        {
            hammer.Dispose();
            throw;
        }
    }

    /// <summary>Sends a number of requests in all.</summary>
    internal Task<Answers> CountAsync(int requests)
    {
        int left = requests;
        return RunAsync(() => Interlocked.Decrement(ref left) >= 0, TimeSpan.Zero, CancellationToken.None);
    }

    /// <summary>Sends requests for some time; what is not answered then is given up, and the connections with it.</summary>
    internal async Task<Answers> ForAsync(TimeSpan length, TimeSpan pause)
    {
        using CancellationTokenSource over = new(length);
        return await RunAsync(() => !over.IsCancellationRequested, pause, over.Token);
    }

    public void Dispose() => _connections.ForEach(connection => connection.Dispose());

    private async Task<Answers> RunAsync(Func<bool> goesOn, TimeSpan pause, CancellationToken over)
    {
        long start = Stopwatch.GetTimestamp();
        List<double>[] took = await Task.WhenAll(_connections.Select(connection => Task.Run(() => AskAsync(connection, goesOn, pause, over))));
        return new([.. took.SelectMany(one => one)], Stopwatch.GetElapsedTime(start));
    }

    private static async Task<List<double>> AskAsync(Connection connection, Func<bool> goesOn, TimeSpan pause, CancellationToken over)
    {
        List<double> took = [];
        try
        {
            while (goesOn())
            {
                long start = Stopwatch.GetTimestamp();
                await connection.AskAsync(over);
                took.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                if (pause > TimeSpan.Zero)
                {
                    await Task.Delay(pause, over);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The time is over.
        }

        return took;
    }
}
