using System.Net;
using System.Xml.Linq;
using Failover.Aws.Api;

namespace Failover.Aws.Tests.Api;

public sealed class AwsErrorsTests
{
    private const string Space = "xmlns=\"https://route53.amazonaws.com/doc/2013-04-01/\"";

    [Theory]
    [InlineData($"<ErrorResponse {Space}><Error><Type>Sender</Type><Code>InvalidChangeBatch</Code><Message>[it was not found]</Message></Error></ErrorResponse>", "InvalidChangeBatch (400): [it was not found]")]
    [InlineData($"<InvalidChangeBatch {Space}><Messages><Message>it was not found</Message><Message>nor that</Message></Messages></InvalidChangeBatch>", "InvalidChangeBatch (400): it was not found; nor that")]
    public void Both_shapes_of_a_batch_that_does_not_fit_are_read(string xml, string message)
    {
        AwsException fault = AwsErrors.Of(HttpStatusCode.BadRequest, XDocument.Parse(xml), null);

        Assert.Equal((AwsFault.InvalidBatch, "InvalidChangeBatch", message), (fault.Fault, fault.Code, fault.Message));
    }

    [Theory]
    [InlineData(400, "Throttling", nameof(AwsFault.Throttled))]
    [InlineData(400, "PriorRequestNotComplete", nameof(AwsFault.Throttled))]
    [InlineData(409, "HealthCheckVersionMismatch", nameof(AwsFault.VersionMismatch))]
    [InlineData(404, "NoSuchHostedZone", nameof(AwsFault.NotFound))]
    [InlineData(403, "AccessDenied", nameof(AwsFault.Denied))]
    [InlineData(400, "ExpiredToken", nameof(AwsFault.Denied))]
    [InlineData(503, "ServiceUnavailable", nameof(AwsFault.Unknown))]
    [InlineData(503, "Throttling", nameof(AwsFault.Throttled))]
    [InlineData(400, "InvalidInput", nameof(AwsFault.Refused))]
    public void A_code_says_what_is_known(int status, string code, string fault) =>
        Assert.Equal(fault, AwsErrors.Of((HttpStatusCode)status, XDocument.Parse($"<ErrorResponse {Space}><Error><Code>{code}</Code></Error></ErrorResponse>"), null).Fault.ToString());

    [Theory]
    [InlineData(502, nameof(AwsFault.Unknown))]
    [InlineData(403, nameof(AwsFault.Denied))]
    [InlineData(302, nameof(AwsFault.Refused))]
    public void An_answer_of_something_between_is_known_by_its_status(int status, string fault) =>
        Assert.Equal((fault, $"it answered {status}"), (AwsErrors.Of((HttpStatusCode)status, null, null).Fault.ToString(), AwsErrors.Of((HttpStatusCode)status, null, null).Message));

    [Fact]
    public void What_AWS_says_of_a_signature_is_not_shown_since_it_quotes_the_request()
    {
        string xml = $"<ErrorResponse {Space}><Error><Code>SignatureDoesNotMatch</Code><Message>The Canonical String should have been 'x-amz-security-token:hush'</Message></Error></ErrorResponse>";

        Assert.DoesNotContain("hush", AwsErrors.Of(HttpStatusCode.Forbidden, XDocument.Parse(xml), null).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("InvalidChangeBatch", true)]
    [InlineData("InvalidInput", false)]
    public void A_set_that_is_not_permitted_is_known_behind_the_cut_of_a_long_message(string code, bool isNotPermitted)
    {
        string xml = $"<ErrorResponse {Space}><Error><Code>{code}</Code><Message>[{new string('x', 2000)}, RRSet of type CNAME with DNS name example.com. is not permitted at apex in zone example.com.]</Message></Error></ErrorResponse>";

        AwsException fault = AwsErrors.Of(HttpStatusCode.BadRequest, XDocument.Parse(xml), null);

        Assert.Equal(isNotPermitted, fault.IsNotPermitted);
        Assert.DoesNotContain("not permitted", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_message_is_cut_and_stays_on_one_line()
    {
        string xml = $"<ErrorResponse {Space}><Error><Code>InvalidInput</Code><Message>one\ntwo {new string('x', 2000)}</Message></Error></ErrorResponse>";

        string message = AwsErrors.Of(HttpStatusCode.BadRequest, XDocument.Parse(xml), null).Message;

        Assert.InRange(message.Length, 100, 400);
        Assert.DoesNotContain('\n', message);
    }
}
