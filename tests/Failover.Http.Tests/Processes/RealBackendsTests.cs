using Failover.TestServers.Http;
using Microsoft.Extensions.DependencyInjection;
using Xunit.Abstractions;

namespace Failover.Http.Tests.Processes;

/// <summary>Real processes that are killed, restarted and made to fail, under load.</summary>
public sealed class RealBackendsTests(BackendPair backends, ITestOutputHelper output) : IClassFixture<BackendPair>, IAsyncLifetime
{
    private readonly CountingHandler _attempts = new();
    private readonly BackendProcess _a = backends.A;
    private readonly BackendProcess _b = backends.B;
    private ServiceProvider _services = null!;
    private FailoverGroup _group = null!;
    private HttpClient _client = null!;

    public async Task InitializeAsync()
    {
        await backends.MendAsync();
        var services = new ServiceCollection();
        services.AddFailover().AddHttpGroup("orders", group => group
            .Primary("a", _a.Address.AbsoluteUri)
            .Secondary("b", _b.Address.AbsoluteUri)
            .Configure(Given.Quick));
        services.AddHttpClient("orders").AddFailover("orders").AddHttpMessageHandler(() => _attempts);
        _services = services.BuildServiceProvider();
        _group = _services.GetRequiredService<FailoverGroups>()["orders"];
        _client = _services.GetRequiredService<IHttpClientFactory>().CreateClient("orders");
        await Given.ActiveAsync(_group, _a.Address.Authority);
        await Given.UntilAsync(() => _group.Snapshot.Members.All(member => member.Verdict == Verdict.Healthy), () => "not both healthy");
    }

    public async Task DisposeAsync() => await _services.DisposeAsync();

    [Fact]
    public async Task A_killed_primary_fails_no_GET_and_doubles_no_POST()
    {
        await using var load = new Load(_client);
        await load.MoreAsync(50);

        int before = _attempts.Sent(_a.Port);
        int inFlight = _attempts.Waiting(_a.Port);
        await _a.KillAsync();
        await Given.ActiveAsync(_group, _b.Address.Authority);
        await load.MoreAsync(100);
        await load.StopAsync();

        int after = _attempts.Sent(_a.Port) - before;
        output.WriteLine($"{load.Gets} GETs; {load.Done.Count} POSTs done, {load.Refused.Count} refused, {load.Unknown.Count} unknown; {after} attempts on a after the kill, {inFlight} in flight at the kill");
        Assert.Empty(load.FailedGets);
        AssertEachPostIsToldRight(load);
        Assert.InRange(after, 0, 40);
        Assert.Equal(SwitchoverCause.Failover, _group.Snapshot.LastSwitchover?.Cause);
    }

    [Fact]
    public async Task A_primary_that_answers_503_fails_no_GET_and_is_left()
    {
        await using var load = new Load(_client);
        await load.MoreAsync(50);

        int before = _a.Hits("GET", "/work");
        await _a.AnswerAsync(503);
        await Given.ActiveAsync(_group, _b.Address.Authority);
        await load.MoreAsync(100);
        await load.StopAsync();

        int after = _a.Hits("GET", "/work") - before;
        output.WriteLine($"{load.Gets} GETs; {load.Done.Count} POSTs done, {load.Refused.Count} refused; {after} GETs reached a since shortly before the fault");
        Assert.Empty(load.FailedGets);
        Assert.Empty(load.Unknown);
        AssertEachPostIsToldRight(load);
        Assert.InRange(after, 1, 60);
    }

    [Fact]
    public async Task A_restarted_primary_gets_its_traffic_back_after_the_hold_down()
    {
        await using var load = new Load(_client);
        await load.MoreAsync(20);

        await _a.KillAsync();
        await Given.ActiveAsync(_group, _b.Address.Authority);
        int whileAway = _a.Hits("GET", "/work");
        await _a.StartAgainAsync();
        await Given.ActiveAsync(_group, _a.Address.Authority);
        await load.MoreAsync(50);
        await load.StopAsync();

        Assert.Empty(load.FailedGets);
        AssertEachPostIsToldRight(load);
        Assert.Equal(SwitchoverCause.Switchback, _group.Snapshot.LastSwitchover?.Cause);
        Assert.True(_a.Hits("GET", "/work") > whileAway);
    }

    [Fact]
    public async Task A_poison_request_moves_nothing()
    {
        Guid? before = _group.Snapshot.LastSwitchover?.Id;
        for (int i = 0; i < 10; i++)
        {
            await Assert.ThrowsAsync<HttpRequestException>(() => _client.GetAsync(new Uri("poison", UriKind.Relative)));
        }

        // It has reached both, and both were looked at; then all is as it was.
        Assert.True(_a.Hits("GET", "/poison") >= 10);
        Assert.True(_b.Hits("GET", "/poison") >= 10);
        await Given.UntilAsync(() => _group.Snapshot.Members.All(member => member.Verdict == Verdict.Healthy), () => "not both healthy again");
        Assert.Equal("a", await _client.GetStringAsync(new Uri("work", UriKind.Relative)));
        Assert.Equal(before, _group.Snapshot.LastSwitchover?.Id);
    }

    [Theory]
    [InlineData("killed")]
    [InlineData("503")]
    [InlineData("reset")]
    public async Task Two_members_that_are_really_down_are_seen(string fault)
    {
        await Task.WhenAll(new[] { _a, _b }.Select(backend => fault switch
        {
            "killed" => backend.KillAsync(),
            "503" => backend.AnswerAsync(503),
            _ => backend.ResetAsync(),
        }));

        await Given.UntilAsync(
            () =>
            {
                _client.GetAsync(new Uri("work", UriKind.Relative)).ContinueWith(sent => sent.Exception, TaskScheduler.Default).Wait();
                return _group.Snapshot.Members.All(member => member.Verdict == Verdict.Unhealthy);
            },
            () => string.Join(", ", _group.Snapshot.Members.Select(member => $"{member.Member} {member.Verdict}")));

        await Given.UntilAsync(() => _group.Snapshot.Condition == GroupCondition.Switching, () => $"{_group.Snapshot.Condition}");
    }

    [Fact]
    public async Task A_frozen_primary_fails_no_GET_and_those_that_waited_are_answered_by_the_other()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        await using var load = new Load(_client);
        await load.MoreAsync(50);

        int before = _attempts.Sent(_a.Port);
        _a.Freeze();
        try
        {
            await Given.ActiveAsync(_group, _b.Address.Authority);
            int after = _attempts.Sent(_a.Port) - before;
            await load.MoreAsync(100);
            Assert.Equal(after, _attempts.Sent(_a.Port) - before);

            // It is frozen still.
            await load.EndGetsAsync();
            output.WriteLine($"{load.Gets} GETs; {after} requests went to a after the freeze; {_attempts.Waiting(_a.Port)} POSTs wait there");
        }
        finally
        {
            _a.Thaw();
        }

        await load.StopAsync();
        Assert.Empty(load.FailedGets);
        Assert.Empty(load.Unknown);
        AssertEachPostIsToldRight(load);
        Assert.Equal(SwitchoverCause.Failover, _group.Snapshot.LastSwitchover?.Cause);
    }

    [Fact]
    public async Task Of_POSTs_that_wait_on_a_frozen_primary_only_those_with_a_key_are_sent_again()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        string name = $"{Guid.NewGuid():N}";
        Task<string>[] plain;
        _a.Freeze();
        try
        {
            plain = [.. Enumerable.Range(0, 3).Select(i => OrderAsync($"{name}-plain-{i}", isKeyed: false))];
            string[] by = await Task.WhenAll(Enumerable.Range(0, 3).Select(i => OrderAsync($"{name}-keyed-{i}", isKeyed: true))).WaitAsync(Given.Limit);

            Assert.All(by, answeredBy => Assert.Equal("b", answeredBy));
            Assert.All(plain, order => Assert.False(order.IsCompleted));
            Assert.Equal(3, _b.Executed().Count(id => id.StartsWith($"{name}-keyed", StringComparison.Ordinal)));
        }
        finally
        {
            _a.Thaw();
        }

        Assert.All(await Task.WhenAll(plain).WaitAsync(Given.Limit), answeredBy => Assert.Equal("a", answeredBy));
        Assert.Equal(3, _a.Executed().Count(id => id.StartsWith($"{name}-plain", StringComparison.Ordinal)));
        Assert.DoesNotContain(_b.Executed(), id => id.StartsWith($"{name}-plain", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Three_slow_POSTs_in_flight_on_a_healthy_member_move_nothing()
    {
        Guid? before = _group.Snapshot.LastSwitchover?.Id;

        await Task.WhenAll(Enumerable.Range(0, 3).Select(async i =>
        {
            using var content = new StringContent($"slow-{i}");
            using HttpResponseMessage response = await _client.PostAsync(new Uri("orders/slow?ms=2500", UriKind.Relative), content);
            Assert.Equal("a", await response.Content.ReadAsStringAsync());
        }));

        Assert.Equal(before, _group.Snapshot.LastSwitchover?.Id);
        Assert.Equal(_a.Address.Authority, _group.Snapshot.Active?.Address.Authority);
    }

    [Fact]
    public async Task An_answer_that_has_begun_goes_on_when_its_member_is_given_up()
    {
        using HttpResponseMessage response = await _client.GetAsync(new Uri("stream", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.Equal("0", await reader.ReadLineAsync());
        await using (var load = new Load(_client))
        {
            await load.MoreAsync(10);
            await _a.AnswerAsync(503);
            await Given.ActiveAsync(_group, _b.Address.Authority);
        }

        Assert.Equal(Verdict.Unhealthy, _group.Snapshot.Members[0].Verdict);
        int last = 0;
        for (int i = 0; i < 200; i++)
        {
            int line = int.Parse((await reader.ReadLineAsync().WaitAsync(Given.Limit))!, System.Globalization.CultureInfo.InvariantCulture);
            Assert.Equal(last + 1, line);
            last = line;
        }
    }

    // After both were down, the first that comes back serves at once.
    [Fact]
    public async Task Whoever_comes_back_first_serves()
    {
        await Task.WhenAll(_a.KillAsync(), _b.KillAsync());
        await Given.UntilAsync(() => _group.Snapshot.Condition == GroupCondition.Switching, () => $"{_group.Snapshot.Condition}");

        await _b.StartAgainAsync();

        Assert.Equal("b", await _client.GetStringAsync(new Uri("work", UriKind.Relative)));
        await Given.ActiveAsync(_group, _b.Address.Authority);
    }

    private async Task<string> OrderAsync(string id, bool isKeyed)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "orders") { Content = new StringContent(id) };
        if (isKeyed)
        {
            request.Headers.Add("Idempotency-Key", id);
        }

        using HttpResponseMessage response = await _client.SendAsync(request);
        return await response.Content.ReadAsStringAsync();
    }

    /// <summary>Done is executed once, refused never, and unknown at most once.</summary>
    private void AssertEachPostIsToldRight(Load load)
    {
        ILookup<string, string> executed = _a.Executed().Concat(_b.Executed()).ToLookup(id => id);
        Assert.All(load.Done, id => Assert.Single(executed[id]));
        Assert.All(load.Refused, id => Assert.Empty(executed[id]));
        Assert.All(load.Unknown, id => Assert.InRange(executed[id].Count(), 0, 1));
        Assert.NotEmpty(load.Done);
    }
}
