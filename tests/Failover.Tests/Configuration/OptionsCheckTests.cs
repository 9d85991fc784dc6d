namespace Failover.Tests.Configuration;

public class OptionsCheckTests
{
    private readonly OptionsCheck _check = new("Failover:Groups:orders");

    [Fact]
    public void A_problem_names_the_full_key_the_value_and_what_is_allowed()
    {
        _check.Refuse("Detection:Fall", 0, "must be from 1 to 100");

        Assert.Equal(["Failover:Groups:orders:Detection:Fall (0) must be from 1 to 100."], _check.Problems);
    }

    [Fact]
    public void A_rule_across_keys_says_both_values()
    {
        _check.NotLonger("Detection:ProbeTimeout", TimeSpan.FromSeconds(9), "Detection:ProbeInterval", TimeSpan.FromSeconds(5));

        Assert.Equal(["Failover:Groups:orders:Detection:ProbeTimeout (00:00:09) must not be longer than ProbeInterval (00:00:05)."], _check.Problems);
    }

    [Fact]
    public void The_other_key_is_named_in_full_where_it_stands_in_another_section()
    {
        _check.NotShorter("Hold", TimeSpan.FromSeconds(1), "Detection:ProbeInterval", TimeSpan.FromSeconds(5));

        Assert.Equal(["Failover:Groups:orders:Hold (00:00:01) must not be shorter than Detection:ProbeInterval (00:00:05)."], _check.Problems);
    }

    [Fact]
    public void A_rule_across_keys_is_silent_when_one_of_them_is_refused_already()
    {
        _check.Refuse("Detection:ProbeInterval", TimeSpan.Zero, "must be longer");
        _check.NotLonger("Detection:ProbeTimeout", TimeSpan.FromSeconds(9), "Detection:ProbeInterval", TimeSpan.Zero);

        Assert.Single(_check.Problems);
    }

    [Theory]
    [InlineData("Password", "hush")]
    [InlineData("Redis:ApiKey", "hush")]
    [InlineData("Members:0:AccessToken", "hush")]
    [InlineData("Secrets:0", "hush")]
    [InlineData("Members:0", "redis://:hush@cache.example.com")]
    [InlineData("Members:0", "https://app:hush@orders.example.com/path")]
    [InlineData("Members", "Host=pg-a;Username=app;Password=hush")]
    public void A_value_that_may_hold_a_secret_is_not_shown(string key, string value)
    {
        _check.Refuse(key, value, "must be something else");

        Assert.DoesNotContain("hush", Assert.Single(_check.Problems), StringComparison.Ordinal);
        Assert.Contains("(***)", _check.Problems[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("00:00:00.0500000", "00:00:00.050")]
    [InlineData("00:00:05", "00:00:05")]
    [InlineData("2.00:00:00", "2.00:00:00")]
    [InlineData("00:00:00.0000001", "00:00:00.0000001")]
    [InlineData("00:00:00", "00:00:00")]
    public void A_time_is_shown_as_one_would_write_it(string time, string shown)
    {
        _check.Refuse("Wait", TimeSpan.Parse(time, null), "must be longer");

        Assert.Equal([$"Failover:Groups:orders:Wait ({shown}) must be longer."], _check.Problems);
    }

    [Fact]
    public void A_long_value_is_cut_and_its_line_breaks_are_taken_out()
    {
        _check.Refuse("Path", "a\r\nINFO: all is well" + new string('x', 1000), "must be shorter");

        Assert.DoesNotContain('\n', _check.Problems[0]);
        Assert.True(_check.Problems[0].Length < 300);
    }
}
