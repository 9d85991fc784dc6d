using Medallion.Threading.Postgres;
using Microsoft.Extensions.Hosting;

namespace Failover.Contender;

/// <summary>The work behind a lock of DistributedLock.Postgres, used as its pages show: until the lock says that it is lost.</summary>
internal sealed class DistributedLockWork(Actor actor, ContenderOptions options) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        PostgresDistributedLock gate = new(new PostgresAdvisoryLockKey(options.Gate, allowHashing: true), options.Server);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using PostgresDistributedLockHandle handle = await gate.AcquireAsync(timeout: null, stoppingToken);
                using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, handle.HandleLostToken);
                await actor.ActAsync(() => !handle.HandleLostToken.IsCancellationRequested, "", 0, over.Token);
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                // The lock was lost, or the database is away.
                Console.WriteLine($"lost: {error.GetType().Name}");
                await Task.Delay(TimeSpan.FromMilliseconds(200), stoppingToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }
}
