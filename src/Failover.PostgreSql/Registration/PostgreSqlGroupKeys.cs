using Failover.PostgreSql.Nodes;
using Failover.PostgreSql.Patroni;

namespace Failover.PostgreSql.Registration;

/// <summary>The keys of <see cref="PostgreSqlGroupOptions"/>, and the rules for their values.</summary>
internal static class PostgreSqlGroupKeys
{
    internal static readonly OptionsKeys<PostgreSqlGroupOptions> Table = new OptionsKeys<PostgreSqlGroupOptions>()
        .Text("ConnectionString", o => o.ConnectionString, (o, v) => o.ConnectionString = v ?? "")
        .Time("MaxWait", o => o.MaxWait, (o, v) => o.MaxWait = v, TimeSpan.Zero, TimeSpan.FromHours(1))
        .Flag("FailFast", o => o.FailFast, (o, v) => o.FailFast = v)
        .Flag("SoftCancel", o => o.SoftCancel, (o, v) => o.SoftCancel = v)
        .AddLag(o => o.Lag)
        .Text("ProbeUserName", o => o.ProbeUserName, (o, v) => o.ProbeUserName = v)
        .Text("ProbePassword", o => o.ProbePassword, (o, v) => o.ProbePassword = v)
        .AddPatroni(o => o.Patroni)
        .Flag("DiscoverRdsMembers", o => o.DiscoverRdsMembers, (o, v) => o.DiscoverRdsMembers = v)
        .Fixed("DiscoverRdsMembers")
        .Fixed("Patroni:Enabled")
        .Fixed("SoftCancel")
        .Fixed("ProbeUserName")
        .Fixed("ProbePassword")
        .Rule(static (options, check) =>
        {
            // Without the value: it may hold a password.
            if (ClusterString.Read(options.ConnectionString, out string? whyNot) is null)
            {
                check.Refuse("ConnectionString", whyNot!);
            }

            if (options.ProbePassword is not null && options.ProbeUserName is null)
            {
                check.Refuse("ProbePassword", "must not stand without ProbeUserName");
            }
        });

    /// <summary>What the settings of such a group begin with: callers wait for the answers, and a look costs one round trip on a session that is open.</summary>
    internal static void Defaults(GroupOptions options)
    {
        // With its jitter at most 0.99 s: lag is then told within half a second, and a node that freezes is suspect within 1.4 s.
        options.Detection.ProbeInterval = TimeSpan.FromMilliseconds(900);
        options.Detection.ProbeTimeout = TimeSpan.FromMilliseconds(400);
        options.Detection.TransitionInterval = TimeSpan.FromMilliseconds(10);
        options.Detection.DownInterval = TimeSpan.FromSeconds(1);
        options.Detection.Fall = 4;
        options.Detection.Rise = 1;
    }
}
