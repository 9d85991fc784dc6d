using Amazon.Runtime;
using Failover.Aws.Registration;
using Failover.Aws.Route53;
using Failover.Aws.Signing;
using Microsoft.Extensions.Options;

namespace Failover.Aws.Api;

/// <summary>Makes clients of what options say.</summary>
internal static class Clients
{
    /// <exception cref="OptionsValidationException">The settings are invalid; it names all that is wrong with them.</exception>
    internal static Route53Client Route53(AwsOptions aws, AWSCredentials? credentials, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(aws);
        ArgumentNullException.ThrowIfNull(time);
        Checked.Throw(AwsKeysTable.Aws, aws, "Aws");
        return new(new AwsClient(new(aws.Route53Endpoint), "route53", aws.Route53Region, new SdkKeySource(credentials, aws.Timeout, time), aws.Timeout, time));
    }

    /// <summary>The settings are checked.</summary>
    internal static AwsClient Rds(AwsOptions aws, AWSCredentials? credentials, TimeProvider time) =>
        new(new(aws.RdsEndpoint ?? $"https://rds.{aws.Region}.amazonaws.com{(aws.Region!.StartsWith("cn-", StringComparison.Ordinal) ? ".cn" : "")}"), "rds", aws.Region!, new SdkKeySource(credentials, aws.Timeout, time), aws.Timeout, time);
}
