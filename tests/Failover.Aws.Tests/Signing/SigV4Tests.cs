using Failover.Aws.Signing;

namespace Failover.Aws.Tests.Signing;

public sealed class SigV4Tests
{
    public static TheoryData<string> Names { get; } = [.. SigV4Vectors.All.Select(static vector => vector.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_request_of_the_published_suite_gets_its_published_signature(string name)
    {
        SigV4Vector vector = SigV4Vectors.All.Single(one => one.Name == name);

        string authorization = SigV4.Authorization(vector.Request, SigV4Vectors.Keys, SigV4Vectors.Region, SigV4Vectors.Service, SigV4Vectors.Stamp);

        string headers = string.Join(';', vector.Request.Headers.Select(static header => header.Name.ToLowerInvariant()).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal($"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders={headers}, Signature={vector.Signature}", authorization);
    }

    [Fact]
    public void The_whole_suite_but_one_is_there() => Assert.Equal(30, SigV4Vectors.All.Count);

    [Fact]
    public void Keys_never_show_their_secret_or_token()
    {
        AwsKeys keys = new("AKIDEXAMPLE", "a-secret", "a-token");

        Assert.Equal("…MPLE", keys.ToString());
    }
}
