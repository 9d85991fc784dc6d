using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Failover.HealthChecks.Checks.Certificate;

/// <summary>Reads the certificate: from a file, or from a store.</summary>
internal static class CertificateSource
{
    private const int MostBytes = 1024 * 1024;

    /// <exception cref="IOException">The file is not there, or empty, or too large to be a certificate.</exception>
    /// <exception cref="UnauthorizedAccessException">The app may not read it.</exception>
    /// <exception cref="CryptographicException">It is no certificate, the password is wrong, or the store has none such.</exception>
    internal static X509Certificate2 Read(CertificateCheckOptions options) => options.Path is { } path ? FromFile(path, options.Password) : FromStore(options);

    private static X509Certificate2 FromFile(string path, string? password)
    {
        byte[] content;
        using (FileStream file = File.OpenRead(path))
        {
            if (file.Length is 0 or > MostBytes)
            {
                throw new IOException($"{path} is {(file.Length == 0 ? "empty" : "too large for a certificate")}");
            }

            content = new byte[file.Length];
            file.ReadExactly(content);
        }

        if (PemEncoding.TryFindUtf8(content, out _))
        {
            return X509Certificate2.CreateFromPem(Encoding.UTF8.GetString(content));
        }

        return X509Certificate2.GetCertContentType(content) == X509ContentType.Pkcs12
            ? FromPfx(content, password)
            : X509CertificateLoader.LoadCertificate(content);
    }

    private static X509Certificate2 FromPfx(byte[] content, string? password)
    {
        // Without it, Windows would write the private key to disk in each run; macOS does not know it.
        X509KeyStorageFlags flags = OperatingSystem.IsMacOS() ? X509KeyStorageFlags.DefaultKeySet : X509KeyStorageFlags.EphemeralKeySet;
        X509Certificate2Collection all = X509CertificateLoader.LoadPkcs12Collection(content, password, flags);
        return Kept(all.FirstOrDefault(static one => one.HasPrivateKey) ?? all.FirstOrDefault(), all)
            ?? throw new CryptographicException("the file holds no certificate");
    }

    private static X509Certificate2 FromStore(CertificateCheckOptions options)
    {
        using X509Store store = new(options.StoreName, options.StoreLocation);
        store.Open(OpenFlags.ReadOnly | OpenFlags.OpenExistingOnly);
        (X509FindType kind, string what) = options.Thumbprint is { } thumbprint ? (X509FindType.FindByThumbprint, thumbprint) : (X509FindType.FindBySubjectName, options.Subject!);
        X509Certificate2Collection all = store.Certificates;
        X509Certificate2Collection found = all.Find(kind, what, validOnly: false);
        return Kept(found.MaxBy(static one => one.NotAfter), [.. all, .. found])
            ?? throw new CryptographicException($"the store has no certificate '{what}'");
    }

    /// <summary>Returns the one that is chosen, and gives the others back.</summary>
    private static X509Certificate2? Kept(X509Certificate2? chosen, IEnumerable<X509Certificate2> all)
    {
        foreach (X509Certificate2 other in all)
        {
            if (!ReferenceEquals(other, chosen))
            {
                other.Dispose();
            }
        }

        return chosen;
    }
}
