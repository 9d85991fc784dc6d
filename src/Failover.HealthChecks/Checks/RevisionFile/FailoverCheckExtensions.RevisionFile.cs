using Failover.HealthChecks;
using Failover.HealthChecks.Checks;
using Failover.HealthChecks.Checks.RevisionFile;
using Failover.HealthChecks.Registration;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <content>Revisions.</content>
public static partial class FailoverCheckExtensions
{
    /// <summary>Checks that this node has the same revision as its peers: degraded if it has had another one for 10 minutes. The check is called <c>revision</c>. Scope: shared.</summary>
    /// <inheritdoc cref="AddRevisionFile(IHealthChecksBuilder, string, Action{RevisionFileCheckOptions}, HealthStatus?, IEnumerable{string})" path="/remarks"/>
    /// <param name="builder">What <c>AddHealthChecks()</c> returned.</param>
    /// <param name="path">The file.</param>
    public static IHealthChecksBuilder AddRevisionFile(this IHealthChecksBuilder builder, string path) => builder.AddRevisionFile(path, static _ => { }, null, []);

    /// <summary>Checks that this node has the same revision as its peers. The check is called <c>revision</c>. Scope: shared.</summary>
    /// <remarks>
    /// The first line of the file counts, up to 256 characters: what is deployed, or which configuration was pulled. It is told to the peers. Which of two revisions is right, no node can tell: a difference degrades, on all nodes that see it, and never fails. The check fails
    /// where the file is missing or empty. It needs <c>AddFailover().AddPeers()</c>.
    /// </remarks>
    /// <param name="builder">What <c>AddHealthChecks()</c> returned.</param>
    /// <param name="path">The file; it stands over <c>Failover:Peers:RevisionFile</c>.</param>
    /// <param name="configure">Sets how long revisions may differ.</param>
    /// <param name="failureStatus">What a failure counts as; null: unhealthy.</param>
    /// <param name="tags">Tags of the check.</param>
    /// <exception cref="Options.OptionsValidationException">Some options are not allowed.</exception>
    public static IHealthChecksBuilder AddRevisionFile(this IHealthChecksBuilder builder, string path, Action<RevisionFileCheckOptions> configure, HealthStatus? failureStatus, IEnumerable<string> tags)
    {
        const string Name = "revision";
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        RevisionFileCheckOptions options = CheckRegistration.Configured<RevisionFileCheckOptions>(Name, configure, static (options, check) => check.InRange(nameof(options.Grace), options.Grace, TimeSpan.Zero, TimeSpan.FromDays(7)));
        builder.Services.PostConfigure<PeerOptions>(peers => peers.RevisionFile = path);
        builder.Services.AddSingleton<IValidateOptions<HealthOptions>>(static services => new PeersRule(Name, services));
        return builder.AddOwn(Name, CheckScope.Shared, failureStatus, tags, null, services =>
        {
            FreshPeers peers = FreshPeers.Of(services);
            return new RevisionFileHealthCheck(services.GetRequiredService<Failover.HealthChecks.Peers.RevisionFile>(), peers, options, services.Time());
        });
    }
}
