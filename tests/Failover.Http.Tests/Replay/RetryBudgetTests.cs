using System.Net;
using Failover.Http.Replay;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Failover.Http.Tests.Replay;

public class RetryBudgetTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly RetryBudget _budget;

    public RetryBudgetTests() => _budget = new(_time);

    [Fact]
    public void Without_load_there_is_the_reserve_of_ten_seconds() => Assert.Equal(100, Take());

    [Fact]
    public void A_fifth_of_the_requests_of_the_last_ten_seconds_may_be_sent_again()
    {
        Load(perSecond: 100, seconds: 9);
        Assert.Equal(100 + 180, Take());
    }

    [Fact]
    public void All_that_wait_when_a_member_freezes_at_500_requests_a_second_are_sent_again()
    {
        Load(perSecond: 500, seconds: 9);
        Assert.InRange(Take(), 700, int.MaxValue);
    }

    [Fact]
    public void What_was_spent_comes_back_after_ten_seconds()
    {
        Take();
        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(0, Take());
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(100, Take());
    }

    [Fact]
    public void Load_of_long_ago_does_not_count()
    {
        Load(perSecond: 100, seconds: 30);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(100, Take());
    }

    [Fact]
    public void A_refusal_is_told_once_in_ten_seconds()
    {
        Assert.True(_budget.TellsRefusal());
        Assert.False(_budget.TellsRefusal());
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.True(_budget.TellsRefusal());
    }

    [Fact]
    public async Task The_settings_of_the_group_are_its_budgets()
    {
        IConfigurationRoot configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Failover:Groups:orders:Kind"] = "Http",
            ["Failover:Groups:orders:Members:0"] = "https://a.test",
            ["Failover:Groups:orders:Replay:Share"] = "0.5",
            ["Failover:Groups:orders:Replay:Reserve"] = "3",
        }).Build();
        var services = new ServiceCollection();
        services.AddFailover(configuration.GetSection("Failover")).AddHttp();
        services.AddHttpClient("orders").AddFailover("orders");
        await using ServiceProvider provider = services.BuildServiceProvider();
        using HttpClient client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("orders");
        RetryBudget budget = RetryBudget.Of(provider.GetRequiredService<FailoverGroups>()["orders"]);
        Assert.Equal((0.5, 3), budget.Limits);

        configuration["Failover:Groups:orders:Replay:Reserve"] = "4";
        configuration.Reload();

        await Given.UntilAsync(() => budget.Limits == (0.5, 4), () => $"{budget.Limits}");
    }

    [Fact]
    public async Task What_code_says_of_the_group_is_its_budget()
    {
        var services = new ServiceCollection();
        services.AddFailover().AddHttpGroup("orders", group => group.Primary("https://a.test").Replay(replay => (replay.Share, replay.Reserve, replay.BufferContent) = (0.5, 3, 1000)));
        services.AddHttpClient("orders").AddFailover("orders");
        await using ServiceProvider provider = services.BuildServiceProvider();

        using HttpClient client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("orders");

        RetryBudget budget = RetryBudget.Of(provider.GetRequiredService<FailoverGroups>()["orders"]);
        Assert.Equal((0.5, 3, 1000), (budget.Limits.Item1, budget.Limits.Item2, budget.MostBuffered));
    }

    [Fact]
    public async Task When_it_is_empty_a_request_ends_with_what_came()
    {
        using var meters = new Meters();
        using var refused = new MetricCollector<long>(meters, "Failover", "failover.http.replays.refused");
        var logs = new FakeLogCollector();
        await using FailoverGroup group = Given.Group(new FakeProbe(), "https://a", "https://b");
        RetryBudget.Of(group).Limits = (0, 0);
        StubBackends backends = new StubBackends().Does("a", "503");
        using var client = new HttpMessageInvoker(new FailoverHandler(group, new Loggers(logs), meters, new()) { InnerHandler = backends });
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://a/x");

        using HttpResponseMessage response = await client.SendAsync(request, default);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(["GET https://a/x"], backends.Asked);
        Assert.Equal(1, refused.GetMeasurementSnapshot().Sum(measured => measured.Value));
        Assert.Single(logs.GetSnapshot(), log => log.Id.Name == "RetryBudgetEmpty");
    }

    private void Load(int perSecond, int seconds)
    {
        for (int second = 0; second < seconds; second++)
        {
            for (int i = 0; i < perSecond; i++)
            {
                _budget.Add();
            }

            _time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    private int Take()
    {
        int taken = 0;
        while (_budget.TryTake())
        {
            taken++;
        }

        return taken;
    }
}
