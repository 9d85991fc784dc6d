using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Failover.HealthChecks.Tests.Checks.Certificate;

/// <summary>Makes certificates that sign themselves.</summary>
internal static class Certificates
{
    internal static X509Certificate2 Make(string subject, DateTimeOffset notBefore, DateTimeOffset notAfter)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new CertificateRequest($"CN={subject}", key, HashAlgorithmName.SHA256).CreateSelfSigned(notBefore, notAfter);
    }
}
