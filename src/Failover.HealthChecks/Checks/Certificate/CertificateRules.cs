using System.Globalization;

namespace Failover.HealthChecks.Checks.Certificate;

/// <summary>What the validity of a certificate means. Pure.</summary>
internal static class CertificateRules
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(3650);

    internal static CheckFinding Judge(DateTimeOffset notBefore, DateTimeOffset notAfter, DateTimeOffset now, CertificateCheckOptions options)
    {
        TimeSpan left = notAfter - now;
        return now < notBefore ? CheckFinding.Unhealthy($"the certificate is not valid before {At(notBefore)}")
            : left <= TimeSpan.Zero ? CheckFinding.Unhealthy($"the certificate has ended at {At(notAfter)}")
            : left <= options.FailBefore ? CheckFinding.Unhealthy($"the certificate ends at {At(notAfter)}")
            : left <= options.DegradeBefore ? CheckFinding.Degraded($"the certificate ends at {At(notAfter)}")
            : CheckFinding.Healthy;
    }

    internal static void Check(CertificateCheckOptions options, OptionsCheck check)
    {
        string?[] sources = [options.Path, options.Thumbprint, options.Subject];
        if (sources.Count(source => !string.IsNullOrWhiteSpace(source)) != 1)
        {
            check.Refuse("Path, Thumbprint, Subject", "must be set, one of the three and no more");
        }

        if (options.Password is not null && options.Path is null)
        {
            check.Refuse(nameof(options.Password), "is for a file: set Path, or leave it out");
        }

        if (!string.IsNullOrWhiteSpace(options.Thumbprint) && !(options.Thumbprint.Length == 40 && options.Thumbprint.All(char.IsAsciiHexDigit)))
        {
            check.Refuse(nameof(options.Thumbprint), options.Thumbprint, "must be 40 hexadecimal digits, without spaces");
        }

        check.InRange(nameof(options.FailBefore), options.FailBefore, TimeSpan.Zero, Longest);
        check.InRange(nameof(options.DegradeBefore), options.DegradeBefore, TimeSpan.Zero, Longest);
        check.NotShorter(nameof(options.DegradeBefore), options.DegradeBefore, nameof(options.FailBefore), options.FailBefore);
    }

    private static string At(DateTimeOffset instant) => instant.UtcDateTime.ToString("u", CultureInfo.InvariantCulture);
}
