using System.Diagnostics;

namespace Failover.Scenarios.Health.Load;

/// <summary>Many connections that ask at the same time, each as soon as it has its answer, or at a pace.</summary>
internal static class Hammer
{
    /// <summary>Sends a number of requests in all.</summary>
    internal static Task<Answers> CountAsync(int port, int connections, int requests)
    {
        int left = requests;
        return RunAsync(port, connections, () => Interlocked.Decrement(ref left) >= 0, TimeSpan.Zero, CancellationToken.None);
    }

    /// <summary>Sends requests for some time; what is not answered then is given up.</summary>
    internal static async Task<Answers> ForAsync(int port, int connections, TimeSpan length, TimeSpan pause)
    {
        using CancellationTokenSource over = new(length);
        return await RunAsync(port, connections, () => !over.IsCancellationRequested, pause, over.Token);
    }

    private static async Task<Answers> RunAsync(int port, int connections, Func<bool> goesOn, TimeSpan pause, CancellationToken over)
    {
        List<Connection> open = [];
        try
        {
            for (int i = 0; i < connections; i++)
            {
                open.Add(await Connection.OpenAsync(port, "/health", CancellationToken.None));
            }

            long start = Stopwatch.GetTimestamp();
            List<double>[] took = await Task.WhenAll(open.Select(connection => Task.Run(() => AskAsync(connection, goesOn, pause, over))));
            return new([.. took.SelectMany(one => one)], Stopwatch.GetElapsedTime(start));
        }
        finally
        {
            open.ForEach(connection => connection.Dispose());
        }
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
