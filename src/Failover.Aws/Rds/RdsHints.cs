using System.Runtime.CompilerServices;
using System.Text;
using Failover.Aws.Api;
using Microsoft.Extensions.Logging;

namespace Failover.Aws.Rds;

/// <summary>
/// Asks RDS for the writer of a cluster, or the zone of an instance, and tells a group to look when that changes or a change is under way. A hint, no more: each member proves its role itself.
/// </summary>
/// <param name="group">The name of the group, for logs.</param>
/// <param name="settings">Gives what is in force; asked each time. Settings in force do not change; others take their place.</param>
/// <param name="create">Makes a client of settings.</param>
/// <param name="logger">Where to log.</param>
/// <param name="time">The clock.</param>
internal sealed class RdsHints(string group, Func<(AwsOptions Aws, RdsDatabaseOptions Database)> settings, Func<AwsOptions, AwsClient> create, ILogger logger, TimeProvider time) : IHintSource
{
    private const string Source = "rds-api";
    private const string Form = "application/x-www-form-urlencoded; charset=utf-8";

    /// <summary>How often it is asked while a change is under way.</summary>
    private static readonly TimeSpan Moving = TimeSpan.FromSeconds(2);

    /// <summary>How long to leave AWS in peace that wants fewer requests.</summary>
    private static readonly TimeSpan Throttled = TimeSpan.FromMinutes(1);

    private bool _isSilent;

    public async IAsyncEnumerable<Hint> ReadHintsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        (AwsOptions Aws, AwsClient Client)? asking = null;
        RdsView? known = null;
        try
        {
            while (true)
            {
                (AwsOptions aws, RdsDatabaseOptions database) = settings();
                if (asking is null || !ReferenceEquals(asking.Value.Aws, aws))
                {
                    asking?.Client.Dispose();
                    asking = null;
                    asking = (aws, create(aws));
                }

                (RdsView? view, bool isThrottled) = await AskAsync(asking.Value.Client, database, cancellationToken).ConfigureAwait(false);
                if (view is not null)
                {
                    bool isChange = known is not null && known != view;
                    if (known != view)
                    {
                        Log.Tells(logger, group, Told(database), view.ToString());
                    }

                    known = view;
                    if (isChange || view.IsMoving)
                    {
                        yield return new Hint(HintKind.LookNow, Source);
                    }
                }

                TimeSpan pause = isThrottled && database.Interval < Throttled ? Throttled : view is { IsMoving: true } && database.Interval > Moving ? Moving : database.Interval;
                await Task.Delay(AwsClient.Jittered(pause), time, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            asking?.Client.Dispose();
        }
    }

    private async Task<(RdsView? View, bool IsThrottled)> AskAsync(AwsClient client, RdsDatabaseOptions database, CancellationToken cancellationToken)
    {
        bool isCluster = database.Cluster is not null;
        string form = isCluster
            ? $"Action=DescribeDBClusters&Version=2014-10-31&DBClusterIdentifier={Uri.EscapeDataString(database.Cluster!)}"
            : $"Action=DescribeDBInstances&Version=2014-10-31&DBInstanceIdentifier={Uri.EscapeDataString(database.Instance!)}";
        try
        {
            RdsView view = RdsView.Read(await client.SendAsync(HttpMethod.Post, "/", Encoding.ASCII.GetBytes(form), Form, cancellationToken).ConfigureAwait(false), isCluster);
            _isSilent = false;
            return (view, false);
        }
        catch (AwsException fault)
        {
            if (!_isSilent)
            {
                _isSilent = true;
                Log.Silent(logger, group, Told(database), $"{client.Where}: {fault.Message}");
            }

            return (null, fault.Fault == AwsFault.Throttled);
        }
    }

    private static string Told(RdsDatabaseOptions database) => database.Cluster ?? database.Instance!;
}
