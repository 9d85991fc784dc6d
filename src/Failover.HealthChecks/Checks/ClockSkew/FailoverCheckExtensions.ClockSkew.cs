using Failover.HealthChecks;
using Failover.HealthChecks.Checks;
using Failover.HealthChecks.Checks.ClockSkew;
using Failover.HealthChecks.Registration;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <content>Clocks.</content>
public static partial class FailoverCheckExtensions
{
    /// <summary>Checks that the clock of this node agrees with that of a peer: degraded from 1 second on, failed from 10 seconds on. The check is called <c>clock</c>. Scope: shared.</summary>
    /// <inheritdoc cref="AddClockSkew(IHealthChecksBuilder, Action{ClockSkewCheckOptions}, HealthStatus?, IEnumerable{string})" path="/remarks"/>
    /// <param name="builder">What <c>AddHealthChecks()</c> returned.</param>
    public static IHealthChecksBuilder AddClockSkew(this IHealthChecksBuilder builder) => builder.AddClockSkew(static _ => { }, null, []);

    /// <summary>Checks that the clock of this node agrees with that of a peer. The check is called <c>clock</c>. Scope: shared.</summary>
    /// <remarks>
    /// The peer that agrees most counts: of three nodes, the one that is wrong finds itself alone. Of two, both see the same difference, and none leaves service for it. While no peer is heard of, the check passes, unless one refuses this node, as it does when its clock is out of the window: then it is degraded. It needs <c>AddFailover().AddPeers()</c>.
    /// </remarks>
    /// <param name="builder">What <c>AddHealthChecks()</c> returned.</param>
    /// <param name="configure">Sets the thresholds.</param>
    /// <param name="failureStatus">What a failure counts as; null: unhealthy.</param>
    /// <param name="tags">Tags of the check.</param>
    /// <exception cref="Options.OptionsValidationException">Some options are not allowed.</exception>
    public static IHealthChecksBuilder AddClockSkew(this IHealthChecksBuilder builder, Action<ClockSkewCheckOptions> configure, HealthStatus? failureStatus, IEnumerable<string> tags)
    {
        const string Name = "clock";
        ClockSkewCheckOptions options = CheckRegistration.Configured<ClockSkewCheckOptions>(Name, configure, ClockSkewRules.Check);
        builder.Services.AddSingleton<IValidateOptions<HealthOptions>>(static services => new PeersRule(Name, services));
        return builder.AddOwn(Name, CheckScope.Shared, failureStatus, tags, null, services => new ClockSkewHealthCheck(FreshPeers.Of(services), options));
    }
}
