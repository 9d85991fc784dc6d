using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using StackExchange.Redis;

namespace Failover.Redis.Sets;

/// <summary>How TLS is spoken with a host: as the app says in <see cref="ConfigurationOptions.SslClientAuthenticationOptions"/>, else verified by name, against the machine's certificates or a file's.</summary>
internal static class RedisTls
{
    /// <summary>Returns what makes the options for a host.</summary>
    /// <param name="settings">What the app said of the connection.</param>
    /// <param name="authorityPath">A file of certificates that was checked before; null for the machine's.</param>
    internal static Func<string, SslClientAuthenticationOptions> Of(ConfigurationOptions settings, string? authorityPath)
    {
        if (settings.SslClientAuthenticationOptions is { } own)
        {
            return own;
        }

        X509ChainPolicy? chain = null;
        if (authorityPath is not null)
        {
            chain = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            chain.CustomTrustStore.ImportFromPemFile(authorityPath);
        }

        string? name = settings.SslHost;
        return host => new SslClientAuthenticationOptions
        {
            TargetHost = name ?? host,
            EnabledSslProtocols = settings.SslProtocols ?? default,
            CertificateRevocationCheckMode = settings.CheckCertificateRevocation ? X509RevocationMode.Online : X509RevocationMode.NoCheck,
            CertificateChainPolicy = chain?.Clone(),
        };
    }

    /// <summary>Returns what is wrong with a file of certificates; null if nothing is.</summary>
    internal static string? WhyNot(string path)
    {
        try
        {
            X509Certificate2Collection found = [];
            found.ImportFromPemFile(path);
            return found.Count == 0 ? "must be a file with certificates in PEM form: there is none in it" : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            return $"must be a file with certificates in PEM form that can be read ({exception.GetType().Name})";
        }
    }
}
