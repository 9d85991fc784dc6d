using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Failover.HealthChecks.Checks.Certificate;

/// <summary>Reads a certificate, and says how long it is valid.</summary>
internal sealed class CertificateHealthCheck(CertificateCheckOptions options, TimeProvider time) : IHealthCheck
{
    private readonly OneAtATime _runs = new();

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        _runs.RunAsync(_ => Task.FromResult(Look(context)), cancellationToken);

    private HealthCheckResult Look(HealthCheckContext context)
    {
        try
        {
            using X509Certificate2 certificate = CertificateSource.Read(options);
            DateTimeOffset notBefore = certificate.NotBefore;
            DateTimeOffset notAfter = certificate.NotAfter;
            DateTimeOffset now = time.GetUtcNow();
            Dictionary<string, object> data = new()
            {
                ["daysLeft"] = Math.Round((notAfter - now).TotalDays, 1),
                ["notBefore"] = notBefore.ToUniversalTime(),
                ["notAfter"] = notAfter.ToUniversalTime(),
                ["thumbprint"] = certificate.Thumbprint,
            };
            return CertificateRules.Judge(notBefore, notAfter, now, options).ToResult(context, data);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return new(context.Registration.FailureStatus, "the certificate cannot be read", exception);
        }
    }
}
