using System.Security.Cryptography.X509Certificates;

namespace Failover.Etcd.Client;

/// <summary>Makes what opens the connections to etcd: nothing of the application goes with it, and redirects are not followed.</summary>
internal static class EtcdHandler
{
    /// <exception cref="EtcdException">A certificate cannot be read.</exception>
    internal static SocketsHttpHandler Create(EtcdOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ActivityHeadersPropagator = null,
            ConnectTimeout = options.Timeout,
            MaxResponseHeadersLength = 16,

            // So that a change of an endpoint's address in DNS is noticed. A watch that is open stays so.
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        };
        try
        {
            if (options.CertificateAuthorityPath is { } authority)
            {
                var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
                policy.CustomTrustStore.ImportFromPemFile(authority);
                handler.SslOptions.CertificateChainPolicy = policy;
            }

            if (options.ClientCertificatePath is { } certificate)
            {
                handler.SslOptions.ClientCertificates = [X509Certificate2.CreateFromPemFile(certificate, options.ClientPrivateKeyPath)];
            }

            return handler;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or System.Security.Cryptography.CryptographicException)
        {
            handler.Dispose();
            throw new EtcdException($"a certificate of the settings cannot be read ({error.GetType().Name})", EtcdFault.Refused);
        }
    }
}
