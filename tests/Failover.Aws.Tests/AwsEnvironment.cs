namespace Failover.Aws.Tests;

/// <summary>The environment of the process without anything of AWS, and put back at the end. For tests in <see cref="OnEnvironment"/>.</summary>
internal sealed class AwsEnvironment : IDisposable
{
    private static readonly string[] Names =
    [
        "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_EC2_METADATA_DISABLED",
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ROLE_ARN", "AWS_REGION", "AWS_ENDPOINT_URL_STS",
    ];

    private readonly string?[] _before = [.. Names.Select(Environment.GetEnvironmentVariable)];

    internal AwsEnvironment()
    {
        Array.ForEach(Names, static name => Environment.SetEnvironmentVariable(name, null));
        Environment.SetEnvironmentVariable("AWS_EC2_METADATA_DISABLED", "true");
    }

    public void Dispose()
    {
        for (int i = 0; i < Names.Length; i++)
        {
            Environment.SetEnvironmentVariable(Names[i], _before[i]);
        }
    }
}
