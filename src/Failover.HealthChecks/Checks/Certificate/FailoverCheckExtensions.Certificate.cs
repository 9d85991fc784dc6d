using Failover.HealthChecks;
using Failover.HealthChecks.Checks;
using Failover.HealthChecks.Checks.Certificate;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.DependencyInjection;

/// <content>Certificates.</content>
public static partial class FailoverCheckExtensions
{
    /// <summary>Checks how long a certificate in a file (PEM, DER, or PFX without a password) is valid. Scope: local.</summary>
    /// <param name="builder">What <c>AddHealthChecks()</c> returned.</param>
    /// <param name="name">The name of the check.</param>
    /// <param name="path">The file. It is read anew in each run.</param>
    public static IHealthChecksBuilder AddCertificate(this IHealthChecksBuilder builder, string name, string path) => builder.AddCertificate(name, options => options.Path = path);

    /// <summary>Checks how long a certificate is valid. Scope: local.</summary>
    /// <inheritdoc cref="AddCertificate(IHealthChecksBuilder, string, Action{CertificateCheckOptions}, HealthStatus?, IEnumerable{string})"/>
    public static IHealthChecksBuilder AddCertificate(this IHealthChecksBuilder builder, string name, Action<CertificateCheckOptions> configure) => builder.AddCertificate(name, configure, null, []);

    /// <summary>Checks how long a certificate of a file or of a store is valid. Scope: local.</summary>
    /// <param name="builder">What <c>AddHealthChecks()</c> returned.</param>
    /// <param name="name">The name of the check.</param>
    /// <param name="configure">Says which certificate, and sets the thresholds.</param>
    /// <param name="failureStatus">What a failure counts as; null: unhealthy.</param>
    /// <param name="tags">Tags of the check.</param>
    /// <exception cref="Options.OptionsValidationException">Some options are not allowed.</exception>
    public static IHealthChecksBuilder AddCertificate(this IHealthChecksBuilder builder, string name, Action<CertificateCheckOptions> configure, HealthStatus? failureStatus, IEnumerable<string> tags)
    {
        CertificateCheckOptions options = CheckRegistration.Configured<CertificateCheckOptions>(name, configure, CertificateRules.Check);
        return builder.AddOwn(name, CheckScope.Local, failureStatus, tags, null, services => new CertificateHealthCheck(options, services.Time()));
    }
}
