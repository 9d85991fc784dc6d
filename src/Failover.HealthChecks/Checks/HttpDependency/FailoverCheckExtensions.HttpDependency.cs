using System.Diagnostics.CodeAnalysis;
using Failover.HealthChecks;
using Failover.HealthChecks.Checks;
using Failover.HealthChecks.Checks.HttpDependency;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.DependencyInjection;

/// <content>HTTP servers that the app depends on.</content>
public static partial class FailoverCheckExtensions
{
    /// <summary>Checks an HTTP server that the app depends on: GET must be answered with a status from 200 to 299. Scope: shared.</summary>
    /// <param name="builder">What <c>AddHealthChecks()</c> returned.</param>
    /// <param name="name">The name of the check.</param>
    /// <param name="uri">What to ask: absolute, http or https, without user information. If the other side has a /health that asks yours, give one here that asks nobody: two that wait for each other never recover.</param>
    /// <exception cref="Options.OptionsValidationException">The address is not allowed.</exception>
    /// <exception cref="UriFormatException">It is no address.</exception>
    [SuppressMessage("Design", "CA1054:URI-like parameters should not be strings", Justification = "There is an overload with a Uri.")]
    public static IHealthChecksBuilder AddHttpDependency(this IHealthChecksBuilder builder, string name, string uri) => builder.AddHttpDependency(name, new Uri(uri, UriKind.RelativeOrAbsolute));

    /// <summary>Checks an HTTP server that the app depends on: GET must be answered with a status from 200 to 299. Scope: shared.</summary>
    /// <inheritdoc cref="AddHttpDependency(IHealthChecksBuilder, string, Uri, Action{HttpDependencyCheckOptions}, HealthStatus?, IEnumerable{string})"/>
    public static IHealthChecksBuilder AddHttpDependency(this IHealthChecksBuilder builder, string name, Uri uri) => builder.AddHttpDependency(name, uri, static _ => { });

    /// <summary>Checks an HTTP server that the app depends on. Scope: shared.</summary>
    /// <inheritdoc cref="AddHttpDependency(IHealthChecksBuilder, string, Uri, Action{HttpDependencyCheckOptions}, HealthStatus?, IEnumerable{string})"/>
    public static IHealthChecksBuilder AddHttpDependency(this IHealthChecksBuilder builder, string name, Uri uri, Action<HttpDependencyCheckOptions> configure) => builder.AddHttpDependency(name, uri, configure, null, []);

    /// <summary>Checks an HTTP server that the app depends on, over one connection of its own, without cookies and credentials. Scope: shared.</summary>
    /// <param name="builder">What <c>AddHealthChecks()</c> returned.</param>
    /// <param name="name">The name of the check.</param>
    /// <param name="uri">What to ask: absolute, http or https, without user information. If the other side has a /health that asks yours, give one here that asks nobody: two that wait for each other never recover.</param>
    /// <param name="configure">Sets the method, the statuses that pass, and the timeout.</param>
    /// <param name="failureStatus">What a failure counts as; null: unhealthy.</param>
    /// <param name="tags">Tags of the check.</param>
    /// <exception cref="Options.OptionsValidationException">The address, or an option, is not allowed.</exception>
    public static IHealthChecksBuilder AddHttpDependency(this IHealthChecksBuilder builder, string name, Uri uri, Action<HttpDependencyCheckOptions> configure, HealthStatus? failureStatus, IEnumerable<string> tags)
    {
        ArgumentNullException.ThrowIfNull(uri);
        HttpDependencyCheckOptions options = CheckRegistration.Configured<HttpDependencyCheckOptions>(name, configure, (options, check) => HttpDependencyHealthCheck.Check(uri, options, check));
        return builder.AddOwn(name, CheckScope.Shared, failureStatus, tags, options.Timeout, services => new HttpDependencyHealthCheck(uri, options, services.Time()));
    }
}
