using Failover.Http.Replay;

namespace Failover.Http.Tests.Replay;

public class ReplayRulesTests
{
    private static readonly RequestKind Get = new(MayRunTwice: true, CanSendContentAgain: true);
    private static readonly RequestKind GetWithStream = new(MayRunTwice: true, CanSendContentAgain: false);
    private static readonly RequestKind Post = new(MayRunTwice: false, CanSendContentAgain: true);

    // fault, then: GET, GET with a stream as content, POST
    [Theory]
    [InlineData("NeverSent", true, true, true)]
    [InlineData("Lost", true, false, false)]
    [InlineData("Abandoned", true, false, false)]
    [InlineData("Unavailable", true, false, false)]
    [InlineData("Draining", true, false, false)]
    [InlineData("None", false, false, false)]
    [InlineData("Unclear", false, false, false)]
    [InlineData("Cancelled", false, false, false)]
    public void A_failed_attempt_is_made_elsewhere_only_where_that_cannot_do_harm(string fault, bool get, bool getWithStream, bool post)
    {
        Assert.Equal(get, ReplayRules.MayGoElsewhere(Enum.Parse<AttemptFault>(fault), Get));
        Assert.Equal(getWithStream, ReplayRules.MayGoElsewhere(Enum.Parse<AttemptFault>(fault), GetWithStream));
        Assert.Equal(post, ReplayRules.MayGoElsewhere(Enum.Parse<AttemptFault>(fault), Post));
    }

    // kind of request, its attempts in order, what each says of its member
    [Theory]
    [InlineData("GET", "None", "Succeeded")]
    [InlineData("POST", "None", "Succeeded")]
    [InlineData("GET", "NeverSent", "Failed")]
    [InlineData("POST", "NeverSent", "Failed")]
    [InlineData("GET", "Lost", "Failed")]
    [InlineData("GET", "Unavailable", "Failed")]
    [InlineData("POST", "Unavailable", "Failed")]
    [InlineData("POST", "Lost", "Disputed")]
    [InlineData("STREAM", "Lost", "Disputed")]
    [InlineData("GET", "Unclear", "Disputed")]
    [InlineData("POST", "Unclear", "Disputed")]
    [InlineData("GET", "Cancelled", "Cancelled")]
    [InlineData("POST", "Cancelled", "Cancelled")]
    [InlineData("GET", "Lost None", "Failed Succeeded")]
    [InlineData("GET", "Unavailable None", "Failed Succeeded")]
    [InlineData("GET", "NeverSent None", "Failed Succeeded")]
    [InlineData("POST", "NeverSent None", "Failed Succeeded")]
    [InlineData("POST", "NeverSent Lost", "Failed Disputed")]
    [InlineData("POST", "NeverSent Unavailable", "Failed Failed")]
    [InlineData("GET", "Lost Lost", "Disputed Disputed")]
    [InlineData("GET", "Unavailable Unavailable", "Disputed Disputed")]
    [InlineData("GET", "NeverSent NeverSent", "Failed Failed")]
    [InlineData("GET", "Abandoned None", "Failed Succeeded")]
    [InlineData("GET", "Abandoned Abandoned", "Failed Failed")]
    [InlineData("GET", "Abandoned Lost", "Failed Failed")]
    [InlineData("GET", "Abandoned Cancelled", "Failed Cancelled")]
    [InlineData("GET", "Lost NeverSent", "Failed Failed")]
    [InlineData("GET", "NeverSent Lost", "Failed Failed")]
    [InlineData("GET", "Lost Unavailable", "Failed Failed")]
    [InlineData("GET", "Lost Cancelled", "Disputed Cancelled")]
    [InlineData("GET", "Unavailable Cancelled", "Disputed Cancelled")]
    [InlineData("GET", "NeverSent Cancelled", "Failed Cancelled")]
    [InlineData("GET", "Unavailable Unclear", "Disputed Disputed")]
    [InlineData("GET", "Lost Lost None", "Failed Failed Succeeded")]
    [InlineData("GET", "Lost NeverSent Lost", "Disputed Failed Disputed")]
    [InlineData("GET", "Lost Unavailable NeverSent", "Failed Failed Failed")]
    [InlineData("GET", "Lost Lost Cancelled", "Disputed Disputed Cancelled")]
    [InlineData("GET", "Draining None", "Cancelled Succeeded")]
    [InlineData("GET", "Draining Draining", "Cancelled Cancelled")]
    [InlineData("GET", "Draining Unavailable", "Cancelled Failed")]
    [InlineData("GET", "Unavailable Draining", "Failed Cancelled")]
    [InlineData("POST", "Draining", "Cancelled")]
    public void A_fault_counts_unless_it_may_be_the_requests_own(string request, string attempts, string expected)
    {
        AttemptFault[] faults = [.. attempts.Split(' ').Select(Enum.Parse<AttemptFault>)];
        RequestKind kind = request switch { "GET" => Get, "STREAM" => GetWithStream, _ => Post };

        Assert.Equal(expected, string.Join(' ', Enumerable.Range(0, faults.Length).Select(index => ReplayRules.EndOf(faults, index, kind))));
    }

    [Theory]
    [InlineData(200, false)]
    [InlineData(302, false)]
    [InlineData(404, false)]
    [InlineData(408, false)]
    [InlineData(429, false)]
    [InlineData(500, false)]
    [InlineData(501, false)]
    [InlineData(502, true)]
    [InlineData(503, true)]
    [InlineData(504, true)]
    [InlineData(505, false)]
    public void Only_a_gateways_statuses_speak_of_the_member(int status, bool isUnavailable) =>
        Assert.Equal(isUnavailable, ReplayRules.IsUnavailable((System.Net.HttpStatusCode)status));

    [Theory]
    [InlineData("GET", true, true)]
    [InlineData("get", true, true)]
    [InlineData("HEAD", true, true)]
    [InlineData("OPTIONS", true, true)]
    [InlineData("TRACE", true, true)]
    [InlineData("QUERY", true, true)]
    [InlineData("Query", true, true)]
    [InlineData("PUT", false, true)]
    [InlineData("DELETE", false, true)]
    [InlineData("POST", false, false)]
    [InlineData("PATCH", false, false)]
    [InlineData("CONNECT", false, false)]
    [InlineData("PURGE", false, false)]
    public void Methods_are_told_apart_as_RFC_9110_does(string method, bool isSafe, bool isIdempotent)
    {
        Assert.Equal(isSafe, RequestKind.IsSafeMethod(new HttpMethod(method)));
        Assert.Equal(isIdempotent, RequestKind.IsIdempotentMethod(new HttpMethod(method)));
    }

    [Fact]
    public void Only_content_that_is_known_to_be_in_memory_is_sent_again()
    {
        Assert.All(
            new HttpContent?[] { null, new ByteArrayContent([1]), new StringContent("a"), new FormUrlEncodedContent([]), new ReadOnlyMemoryContent(default), new Seal() },
            content => Assert.True(Kind("GET", content).CanSendContentAgain));
        Assert.All(
            new HttpContent[] { new StreamContent(Stream.Null), new MultipartContent(), new OwnContent() },
            content => Assert.False(Kind("GET", content).CanSendContentAgain));
    }

    [Theory]
    [InlineData("GET", null, false, true)]
    [InlineData("PUT", null, false, true)]
    [InlineData("DELETE", null, false, true)]
    [InlineData("POST", null, false, false)]
    [InlineData("PATCH", null, false, false)]
    [InlineData("POST", "", false, false)]
    [InlineData("POST", "\"8e03978e\"", false, true)]
    [InlineData("PATCH", "8e03978e", false, true)]
    [InlineData("POST", null, true, true)]
    [InlineData("PATCH", null, true, true)]
    public void A_request_may_run_twice_by_its_method_its_key_or_its_callers_leave(string method, string? key, bool isAllowed, bool mayRunTwice)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "https://a/");
        if (key is not null)
        {
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        }

        Assert.Same(request, isAllowed ? request.AllowReplay() : request);
        Assert.Equal(mayRunTwice, RequestKind.Of(request.Method, request).MayRunTwice);
    }

    [Theory]
    [InlineData("GET", 0, true)]
    [InlineData("PUT", 65536, true)]
    [InlineData("PUT", 65537, false)]
    [InlineData("POST", 1, false)]
    public void A_large_upload_is_never_abandoned(string method, int bytes, bool mayBe)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "https://a/") { Content = bytes == 0 ? null : new ByteArrayContent(new byte[bytes]) };

        Assert.Equal(mayBe, RequestKind.MayBeAbandoned(request));
    }

    private static RequestKind Kind(string method, HttpContent? content)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "https://a/") { Content = content };
        return RequestKind.Of(request.Method, request);
    }

    private sealed class OwnContent() : ByteArrayContent([1]);
}
