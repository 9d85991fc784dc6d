using System.Text;
using Failover.Aws.Signing;

namespace Failover.Aws.Tests.Signing;

/// <summary>
/// The requests and signatures of AWS's «Signature Version 4 Test Suite», as its General Reference published it (aws-sig-v4-test-suite, Copyright 2019 Amazon.com, Inc. or its affiliates; Apache License 2.0). All of it but
/// get-header-value-multiline, whose header continues on further lines: HTTP no longer has such, and .NET sends none.
/// </summary>
internal static class SigV4Vectors
{
    internal const string Stamp = "20150830T123600Z";
    internal const string Region = "us-east-1";
    internal const string Service = "service";

    private const string SessionToken = "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA==";
    private const string Unreserved = "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const string Form = "application/x-www-form-urlencoded";

    internal static AwsKeys Keys { get; } = new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", null);

    internal static IReadOnlyList<SigV4Vector> All { get; } =
    [
        new("get-header-key-duplicate", Get("/", "", ("My-Header1", "value2"), ("My-Header1", "value2"), ("My-Header1", "value1")), "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea"),
        new("get-header-value-order", Get("/", "", ("My-Header1", "value4"), ("My-Header1", "value1"), ("My-Header1", "value3"), ("My-Header1", "value2")), "08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01"),
        new("get-header-value-trim", Get("/", "", ("My-Header1", " value1"), ("My-Header2", " \"a   b   c\"")), "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"),
        new("get-unreserved", Get($"/{Unreserved}"), "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f"),
        new("get-vanilla", Get("/"), "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
        new("get-vanilla-empty-query-key", Get("/", "Param1=value1"), "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb"),
        new("get-vanilla-query", Get("/"), "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
        new("get-vanilla-query-order-key", Get("/", "Param1=value2&Param1=Value1"), "eedbc4e291e521cf13422ffca22be7d2eb8146eecf653089df300a15b2382bd1"),
        new("get-vanilla-query-order-key-case", Get("/", "Param2=value2&Param1=value1"), "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"),
        new("get-vanilla-query-order-value", Get("/", "Param1=value2&Param1=value1"), "5772eed61e12b33fae39ee5e7012498b51d56abc0abb7c60486157bd471c4694"),
        new("get-vanilla-query-unreserved", Get("/", $"{Unreserved}={Unreserved}"), "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197"),
        new("get-vanilla-utf8-query", Get("/", "ሴ=bar"), "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04"),
        new("post-header-key-case", Post("/"), "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
        new("post-header-key-sort", Post("/", "", "", ("My-Header1", "value1")), "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c"),
        new("post-header-value-case", Post("/", "", "", ("My-Header1", "VALUE1")), "cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d"),
        new("post-sts-header-after", Post("/"), "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
        new("post-sts-header-before", Post("/", "", "", ("X-Amz-Security-Token", SessionToken)), "85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead"),
        new("post-vanilla", Post("/"), "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
        new("post-vanilla-empty-query-value", Post("/", "Param1=value1"), "28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11"),
        new("post-vanilla-query", Post("/", "Param1=value1"), "28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11"),
        new("post-x-www-form-urlencoded", Post("/", "", "Param1=value1", ("Content-Type", Form)), "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"),
        new("post-x-www-form-urlencoded-parameters", Post("/", "", "Param1=value1", ("Content-Type", $"{Form}; charset=utf8")), "1a72ec8f64bd914b0e42e42607c7fbce7fb2c7465f63e3092b3b0d39fa77a6fe"),
        new("normalize-path/get-relative", Get("/example/.."), "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
        new("normalize-path/get-relative-relative", Get("/example1/example2/../.."), "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
        new("normalize-path/get-slash", Get("//"), "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
        new("normalize-path/get-slash-dot-slash", Get("/./"), "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
        new("normalize-path/get-slash-pointless-dot", Get("/./example"), "ef75d96142cf21edca26f06005da7988e4f8dc83a165a80865db7089db637ec5"),
        new("normalize-path/get-slashes", Get("//example//"), "9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84"),
        new("normalize-path/get-space", Get("/example space/"), "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741"),
        new("get-utf8", Get("/ሴ"), "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"),
    ];

    private static SignedRequest Get(string path, string query = "", params (string, string)[] headers) => Of("GET", path, query, "", headers);

    private static SignedRequest Post(string path, string query = "", string body = "", params (string, string)[] headers) => Of("POST", path, query, body, headers);

    private static SignedRequest Of(string method, string path, string query, string body, (string, string)[] headers) =>
        new(method, path, query, [("Host", "example.amazonaws.com"), ("X-Amz-Date", Stamp), .. headers], Encoding.UTF8.GetBytes(body));
}
