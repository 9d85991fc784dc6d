using Failover.Aws.Api;
using Failover.Aws.Signing;
using Failover.TestServers.Network;

namespace Failover.Aws.Tests.Signing;

/// <summary>AWS's own chain, which reads the environment of the process.</summary>
[Collection(nameof(OnEnvironment))]
public sealed class ChainTests : IDisposable
{
    private readonly AwsEnvironment _environment = new();

    public void Dispose() => _environment.Dispose();

    [Fact]
    public async Task The_environment_gives_keys_and_a_session()
    {
        Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", "AKIAENV");
        Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", "of-env");
        Environment.SetEnvironmentVariable("AWS_SESSION_TOKEN", "token-of-env");

        AwsKeys keys = await KeysAsync();

        Assert.Equal(("AKIAENV", "of-env", "token-of-env"), (keys.AccessKey, keys.Secret, keys.Token));
    }

    [Fact]
    public async Task A_profile_gives_keys()
    {
        Environment.SetEnvironmentVariable("AWS_PROFILE", ProfileFiles.Profile);

        AwsKeys keys = await KeysAsync();

        Assert.Equal(("AKIAFILE", "of-file", null), (keys.AccessKey, keys.Secret, keys.Token));
    }

    [Fact]
    public async Task Where_there_are_none_it_is_told_where_they_were_looked_for()
    {
        AwsException fault = await Assert.ThrowsAsync<AwsException>(KeysAsync);

        Assert.Equal(AwsFault.NoCredentials, fault.Fault);
        Assert.StartsWith("no AWS credentials: neither the environment (AWS_ACCESS_KEY_ID), nor a profile (AWS_PROFILE), nor web identity, a container or the metadata of an instance gave any that work (", fault.Message, StringComparison.Ordinal);
    }

    // The SDK loads its own parts by name: without a reference to them these fail only where they are first needed.
    [Theory]
    [InlineData("AWSSDK.SSO", "Amazon.SSO.AmazonSSOClient")]
    [InlineData("AWSSDK.SSOOIDC", "Amazon.SSOOIDC.AmazonSSOOIDCClient")]
    public void The_parts_of_the_SDK_that_SSO_needs_come_with_the_package(string assembly, string type) =>
        Assert.NotNull(System.Reflection.Assembly.Load(assembly).GetType(type));

    [Fact]
    public async Task Web_identity_as_in_EKS_gives_the_keys_of_a_session()
    {
        const string Answer = """
            <AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithWebIdentityResult>
            <Credentials><AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>of-role</SecretAccessKey><SessionToken>token-of-role</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>
            <AssumedRoleUser><AssumedRoleId>AROA:x</AssumedRoleId><Arn>arn:aws:sts::123456789012:assumed-role/failover/x</Arn></AssumedRoleUser>
            </AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>
            """;
        await using HttpStandIn sts = HttpStandIn.Start(static _ => (200, Answer));
        string token = Path.Combine(ProfileFiles.Folder.FullName, "token");
        await File.WriteAllTextAsync(token, "a-token-of-a-pod");
        Environment.SetEnvironmentVariable("AWS_WEB_IDENTITY_TOKEN_FILE", token);
        Environment.SetEnvironmentVariable("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/failover");
        Environment.SetEnvironmentVariable("AWS_REGION", "eu-west-1");
        Environment.SetEnvironmentVariable("AWS_ENDPOINT_URL_STS", sts.Address.AbsoluteUri);

        AwsKeys keys = await KeysAsync();

        Assert.Equal(("ASIAROLE", "of-role", "token-of-role"), (keys.AccessKey, keys.Secret, keys.Token));
    }

    private static Task<AwsKeys> KeysAsync() => new SdkKeySource(null, TimeSpan.FromSeconds(30), TimeProvider.System).GetAsync(default).AsTask();
}
