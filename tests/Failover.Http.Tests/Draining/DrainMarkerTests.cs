using System.Net;
using Failover.Http.Draining;
using Microsoft.Extensions.Time.Testing;

namespace Failover.Http.Tests.Draining;

public class DrainMarkerTests
{
    [Theory]
    [InlineData("1", 1)]
    [InlineData("20", 20)]
    [InlineData("60", 60)]
    [InlineData("61", 61)]
    [InlineData("0020", 20)]
    [InlineData("999999999", 999_999_999)]
    public void A_whole_number_of_seconds_is_a_marker(string value, int seconds) => Assert.Equal(TimeSpan.FromSeconds(seconds), Marker(value));

    [Theory]
    [InlineData("1000000000")]
    [InlineData("99999999999999999999999999999999999999999999999999")]
    public void A_number_that_nobody_means_is_a_long_time(string value) => Assert.Equal(TimeSpan.MaxValue, Marker(value));

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("000")]
    [InlineData("-1")]
    [InlineData("+5")]
    [InlineData("1.5")]
    [InlineData("1e3")]
    [InlineData("5s")]
    [InlineData("5 6")]
    [InlineData("5, 6")]
    [InlineData("true")]
    [InlineData("０１")]
    [InlineData("Thu, 01 Jan 2026 12:00:20 GMT")]
    public void Anything_else_is_none(string value)
    {
        Assert.Null(Marker(value));
        using HttpResponseMessage response = Answer(200, ("Failover-Drain", value));
        Assert.True(DrainMarker.IsOn(response));
    }

    [Fact]
    public void Two_of_them_are_none()
    {
        using HttpResponseMessage response = Answer(200, ("Failover-Drain", "5"), ("Failover-Drain", "6"));

        Assert.Null(DrainMarker.Of(response));
    }

    [Fact]
    public void An_answer_without_one_is_not_parsed()
    {
        using HttpResponseMessage response = Answer(200, ("Server", "Kestrel"));

        Assert.False(DrainMarker.IsOn(response));
        Assert.Null(DrainMarker.Of(response));
    }

    [Theory]
    [InlineData("failover-drain")]
    [InlineData("FAILOVER-DRAIN")]
    public void The_name_is_compared_without_regard_to_case(string name)
    {
        using HttpResponseMessage response = Answer(503, (name, "7"));

        Assert.Equal(TimeSpan.FromSeconds(7), DrainMarker.Of(response));
    }

    // The clock stands at 12:00:00.
    [Theory]
    [InlineData(503, "20", 20)]
    [InlineData(503, "0", null)]
    [InlineData(503, "-20", null)]
    [InlineData(503, "soon", null)]
    [InlineData(503, "Thu, 01 Jan 2026 12:00:20 GMT", 20)]
    [InlineData(503, "Thursday, 01-Jan-26 12:00:20 GMT", 20)]
    [InlineData(503, "Thu Jan  1 12:00:20 2026", 20)]
    [InlineData(503, "Thu, 01 Jan 2026 12:00:00 GMT", null)]
    [InlineData(503, "Thu, 01 Jan 2026 11:59:59 GMT", null)]
    [InlineData(503, null, null)]
    [InlineData(502, "20", null)]
    [InlineData(429, "20", null)]
    [InlineData(301, "20", null)]
    [InlineData(200, "20", null)]
    public void A_503_says_in_seconds_or_as_a_date_when_to_come_again(int status, string? value, int? seconds)
    {
        using HttpResponseMessage response = value is null ? Answer(status) : Answer(status, ("Retry-After", value));

        Assert.Equal(seconds is { } known ? TimeSpan.FromSeconds(known) : null, RetryAfter.Of(response, new FakeTimeProvider(new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero))));
    }

    private static TimeSpan? Marker(string value)
    {
        using HttpResponseMessage response = Answer(200, ("Failover-Drain", value));
        return DrainMarker.Of(response);
    }

    private static HttpResponseMessage Answer(int status, params (string Name, string Value)[] headers)
    {
        var response = new HttpResponseMessage((HttpStatusCode)status);
        foreach ((string name, string value) in headers)
        {
            Assert.True(response.Headers.TryAddWithoutValidation(name, value));
        }

        return response;
    }
}
