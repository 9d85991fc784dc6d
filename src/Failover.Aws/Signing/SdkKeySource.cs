using System.Diagnostics.CodeAnalysis;
using Amazon.Runtime;
using Amazon.Runtime.Credentials;
using Amazon.SecurityToken;
using Amazon.SSO;
using Amazon.SSOOIDC;
using Failover.Aws.Api;

namespace Failover.Aws.Signing;

/// <summary>The keys of AWSSDK.Core's default chain, or of credentials that the app gives. Which they are is found once; those that end are renewed by the SDK. For any thread.</summary>
/// <param name="given">What the app gives; null for the chain.</param>
/// <param name="limit">How long to look.</param>
/// <param name="time">The clock.</param>
internal sealed class SdkKeySource(AWSCredentials? given, TimeSpan limit, TimeProvider time) : IAwsKeySource
{
    private AWSCredentials? _found = given;

    public async ValueTask<AwsKeys> GetAsync(CancellationToken cancellationToken)
    {
        try
        {
            // The SDK blocks its caller while it asks files, processes and the metadata of instances: that is not to be a caller of ours, nor for ever.
            return await Task.Run(LookAsync, cancellationToken).WaitAsync(limit, time, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // Never what the SDK says: it may quote a file.
            throw new AwsException(AwsFault.NoCredentials, exception is TimeoutException
                ? $"no AWS credentials within {limit.TotalSeconds:0.#} s"
                : $"no AWS credentials: neither the environment (AWS_ACCESS_KEY_ID), nor a profile (AWS_PROFILE), nor web identity, a container or the metadata of an instance gave any that work ({exception.GetType().Name})");
        }
    }

    // The SDK makes these by their names where roles and SSO are used; ahead of time they would be trimmed away.
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicConstructors, typeof(AmazonSecurityTokenServiceClient))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicConstructors | DynamicallyAccessedMemberTypes.PublicProperties, typeof(AmazonSecurityTokenServiceConfig))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicConstructors, typeof(AmazonSSOClient))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicConstructors | DynamicallyAccessedMemberTypes.PublicProperties, typeof(AmazonSSOConfig))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicConstructors, typeof(AmazonSSOOIDCClient))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicConstructors | DynamicallyAccessedMemberTypes.PublicProperties, typeof(AmazonSSOOIDCConfig))]
    private async Task<AwsKeys> LookAsync()
    {
        AWSCredentials credentials = _found ??= await new DefaultAWSCredentialsIdentityResolver().ResolveIdentityAsync(null, CancellationToken.None).ConfigureAwait(false);
        ImmutableCredentials now = await credentials.GetCredentialsAsync().ConfigureAwait(false);
        return new(now.AccessKey, now.SecretKey, now.UseToken ? now.Token : null);
    }
}
