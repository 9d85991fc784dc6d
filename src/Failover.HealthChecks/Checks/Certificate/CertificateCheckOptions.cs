using System.Security.Cryptography.X509Certificates;

namespace Failover.HealthChecks;

/// <summary>Which certificate a check looks at, and how long it must be valid: <c>AddCertificate(…)</c>. Set one of <see cref="Path"/>, <see cref="Thumbprint"/> and <see cref="Subject"/>.</summary>
public sealed class CertificateCheckOptions
{
    /// <summary>Gets or sets a file: PEM, DER or PKCS #12 (PFX). Of several certificates in a PEM file the first counts, of those in a PFX the one with a private key. It is read anew in each run.</summary>
    public string? Path { get; set; }

    /// <summary>Gets or sets the password of a PFX; null for none. Shown nowhere.</summary>
    public string? Password { get; set; }

    /// <summary>Gets or sets the thumbprint (SHA-1, in hexadecimal) of a certificate of the store.</summary>
    public string? Thumbprint { get; set; }

    /// <summary>Gets or sets a part of the subject's name of a certificate of the store, like <c>shop.example.com</c>. Of several the one that is valid longest counts.</summary>
    public string? Subject { get; set; }

    /// <summary>Gets or sets the store. The default is <see cref="StoreName.My"/>.</summary>
    public StoreName StoreName { get; set; } = StoreName.My;

    /// <summary>Gets or sets whose store. The default is <see cref="StoreLocation.CurrentUser"/>.</summary>
    public StoreLocation StoreLocation { get; set; } = StoreLocation.CurrentUser;

    /// <summary>Gets or sets from how long before the end of the certificate the check is degraded.</summary>
    /// <value>The default is 14 days; from 0 to 3650 days, not shorter than <see cref="FailBefore"/>.</value>
    public TimeSpan DegradeBefore { get; set; } = TimeSpan.FromDays(14);

    /// <summary>Gets or sets from how long before the end of the certificate the check fails.</summary>
    /// <value>The default is 0: from the moment on that it has ended; up to 3650 days.</value>
    public TimeSpan FailBefore { get; set; }
}
