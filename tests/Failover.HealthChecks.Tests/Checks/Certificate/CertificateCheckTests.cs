using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Failover.HealthChecks.Tests.Checks.Certificate;

public sealed class CertificateCheckTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset End = Start.AddDays(90);

    private readonly FakeTimeProvider _time = new(Start);
    private readonly string _folder = Directory.CreateTempSubdirectory("failover-certificate-").FullName;

    [Theory]
    [InlineData(-1, HealthStatus.Unhealthy)]
    [InlineData(0, HealthStatus.Healthy)]
    [InlineData(75, HealthStatus.Healthy)]
    [InlineData(76, HealthStatus.Degraded)]
    [InlineData(89, HealthStatus.Degraded)]
    [InlineData(90, HealthStatus.Unhealthy)]
    [InlineData(91, HealthStatus.Unhealthy)]
    public async Task A_certificate_is_degraded_two_weeks_before_its_end_and_fails_from_the_end_on(int day, HealthStatus expected)
    {
        await using Checked check = Checked.With(checks => checks.AddCertificate("tls", Pem("leaf.pem", Start, End)), new FakeTimeProvider(Start.AddDays(day)));

        HealthCheckResult result = await check.RunAsync();

        Assert.Equal((expected, 90.0 - day), (result.Status, result.Data["daysLeft"]));
        Assert.Equal(End, result.Data["notAfter"]);
    }

    [Fact]
    public async Task One_may_say_that_it_fails_some_days_before_the_end()
    {
        string path = Pem("leaf.pem", Start, End);
        await using Checked check = Checked.With(checks => checks.AddCertificate("tls", options => (options.Path, options.FailBefore) = (path, TimeSpan.FromDays(7))), _time);

        _time.Advance(TimeSpan.FromDays(82));
        Assert.Equal(HealthStatus.Degraded, (await check.RunAsync()).Status);
        _time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(HealthStatus.Unhealthy, (await check.RunAsync()).Status);
    }

    [Fact]
    public async Task A_file_that_is_renewed_is_seen()
    {
        await using Checked check = Checked.With(checks => checks.AddCertificate("tls", Pem("leaf.pem", Start, End)), _time);
        _time.Advance(TimeSpan.FromDays(89));
        Assert.Equal(HealthStatus.Degraded, (await check.RunAsync()).Status);

        Pem("leaf.pem", Start, End.AddDays(90));

        Assert.Equal(HealthStatus.Healthy, (await check.RunAsync()).Status);
    }

    [Fact]
    public async Task Of_a_chain_in_a_file_the_first_counts_behind_its_key()
    {
        using X509Certificate2 leaf = Certificates.Make("leaf", Start, End);
        using X509Certificate2 issuer = Certificates.Make("issuer", Start, Start.AddDays(1));
        string path = Put("chain.pem", $"{leaf.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem()}\n{leaf.ExportCertificatePem()}\n{issuer.ExportCertificatePem()}\n");
        await using Checked check = Checked.With(checks => checks.AddCertificate("tls", path), _time);

        Assert.Equal(90.0, (await check.RunAsync()).Data["daysLeft"]);
    }

    [Fact]
    public async Task A_PFX_is_read_with_its_password_and_fails_with_another_which_is_shown_nowhere()
    {
        using X509Certificate2 certificate = Certificates.Make("leaf", Start, End);
        string path = Path.Combine(_folder, "leaf.pfx");
        await File.WriteAllBytesAsync(path, certificate.Export(X509ContentType.Pkcs12, "right"));
        await using Checked check = Checked.With(checks => checks.AddCertificate("tls", options => (options.Path, options.Password) = (path, "right")), _time);
        await using Checked wrong = Checked.With(checks => checks.AddCertificate("tls", options => (options.Path, options.Password) = (path, "hush-7")), _time);

        Assert.Equal((HealthStatus.Healthy, certificate.Thumbprint), ((await check.RunAsync()).Status, (await check.RunAsync()).Data["thumbprint"]));
        HealthCheckResult result = await wrong.RunAsync();
        Assert.Equal(HealthStatus.Unhealthy, result.Status);
        Assert.DoesNotContain("hush-7", $"{result.Description} {result.Exception}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task DER_is_read()
    {
        using X509Certificate2 certificate = Certificates.Make("leaf", Start, End);
        string path = Path.Combine(_folder, "leaf.der");
        await File.WriteAllBytesAsync(path, certificate.RawData);
        await using Checked check = Checked.With(checks => checks.AddCertificate("tls", path), _time);

        Assert.Equal(HealthStatus.Healthy, (await check.RunAsync()).Status);
    }

    [Theory]
    [InlineData("")]
    [InlineData("no certificate")]
    [InlineData("-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----")]
    [InlineData(null)]
    public async Task A_file_that_is_not_there_or_no_certificate_fails_the_check(string? content)
    {
        string path = content is null ? Path.Combine(_folder, "missing") : Put("broken.pem", content);
        await using Checked check = Checked.With(checks => checks.AddCertificate("tls", path), _time);

        HealthCheckResult result = await check.RunAsync();

        Assert.Equal(HealthStatus.Unhealthy, result.Status);
        Assert.NotNull(result.Exception);
    }

    [Fact]
    public async Task A_certificate_of_the_store_is_found_by_thumbprint_and_of_several_of_a_subject_the_one_that_lasts_longest_counts()
    {
        string subject = $"failover-{Guid.NewGuid():N}.example.com";
        using X509Certificate2 old = Certificates.Make(subject, Start, Start.AddDays(30));
        using X509Certificate2 renewed = Certificates.Make(subject, Start, End);
        using X509Store store = new(StoreName.My, StoreLocation.CurrentUser);
        store.Open(OpenFlags.ReadWrite);
        try
        {
            store.Add(old);
            store.Add(renewed);
            await using Checked byThumbprint = Checked.With(checks => checks.AddCertificate("tls", options => options.Thumbprint = old.Thumbprint), _time);
            await using Checked bySubject = Checked.With(checks => checks.AddCertificate("tls", options => options.Subject = subject), _time);

            Assert.Equal(30.0, (await byThumbprint.RunAsync()).Data["daysLeft"]);
            Assert.Equal(90.0, (await bySubject.RunAsync()).Data["daysLeft"]);
        }
        finally
        {
            store.Remove(old);
            store.Remove(renewed);
        }

        await using Checked gone = Checked.With(checks => checks.AddCertificate("tls", options => options.Subject = subject), _time);
        Assert.Equal(HealthStatus.Unhealthy, (await gone.RunAsync()).Status);
    }

    [Fact]
    public void What_is_not_allowed_is_refused_at_once_and_no_password_is_shown()
    {
        OptionsValidationException refused = Assert.Throws<OptionsValidationException>(() => Checked.With(checks => checks.AddCertificate("tls", options =>
        {
            options.Thumbprint = "12 34";
            options.Subject = "shop";
            options.Password = "hush-7";
            options.DegradeBefore = TimeSpan.FromDays(1);
            options.FailBefore = TimeSpan.FromDays(2);
        })));

        Assert.Equal(
            [
                "Health check 'tls':Path, Thumbprint, Subject must be set, one of the three and no more.",
                "Health check 'tls':Password is for a file: set Path, or leave it out.",
                "Health check 'tls':Thumbprint (12 34) must be 40 hexadecimal digits, without spaces.",
                "Health check 'tls':DegradeBefore (1.00:00:00) must not be shorter than FailBefore (2.00:00:00).",
            ],
            refused.Failures);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Pem(string name, DateTimeOffset notBefore, DateTimeOffset notAfter)
    {
        using X509Certificate2 certificate = Certificates.Make("leaf", notBefore, notAfter);
        return Put(name, certificate.ExportCertificatePem());
    }

    private string Put(string name, string content)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, content);
        return path;
    }
}
