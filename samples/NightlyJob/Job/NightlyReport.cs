using Failover;
using Microsoft.Extensions.Hosting;

namespace NightlyJob.Job;

#region docs:service
/// <summary>The job: a line of the report a few times a second. A new one is made each time that this server becomes the primary.</summary>
internal sealed class NightlyReport(PrimaryScope primary, Ledger ledger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer pace = new(TimeSpan.FromMilliseconds(200));
        do
        {
            primary.ThrowIfNotPrimary();                                        // right before each act: a process that was paused finds out here
            if (!await ledger.WriteAsync(primary.Lineage, primary.Token))       // what was paused in between, the ledger refuses
            {
                throw new InvalidOperationException("The ledger has seen a newer primary.");
            }
        }
        while (await pace.WaitForNextTickAsync(stoppingToken));                 // cancelled when the app stops, or this server is the primary no longer
    }
}
#endregion
