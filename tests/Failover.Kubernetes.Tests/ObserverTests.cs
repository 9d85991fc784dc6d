using System.Text.Json.Nodes;

namespace Failover.Kubernetes.Tests;

/// <summary>A record's age is what the observer's own clock says since it last saw it change.</summary>
public sealed class ObserverTests : OnApiServer
{
    [Fact]
    public async Task Who_sees_a_record_for_the_first_time_waits_for_its_whole_duration()
    {
        GivenBack();
        (Host a, Host b) = (Pod("host-a"), Pod("host-b"));
        await a.HoldAsync();

        LeaseAnswer first = await b.TakeAsync();
        b.Time.Advance(TimeSpan.FromSeconds(9.999));
        LeaseAnswer second = await b.TakeAsync();
        b.Time.Advance(TimeSpan.FromMilliseconds(1));
        LeaseAnswer third = await b.TakeAsync();

        Assert.Equal(("host-a", TimeSpan.FromSeconds(10)), (first.Holder, first.RetryAfter));
        Assert.Equal(("host-a", TimeSpan.FromMilliseconds(1)), (second.Holder, second.RetryAfter));
        Assert.Equal("host-a", third.Grant?.Unreleased);
    }

    [Theory]
    [InlineData("1995-01-01T00:00:00.000001Z")]
    [InlineData("2195-01-01T00:00:00.000001Z")]
    public async Task Times_of_other_clocks_are_not_believed(string renewed)
    {
        Server.Leases.Create(ApiServer.FakeApiServer.Space, Given.Lease(Host.LeaseName, new JsonObject { ["holderIdentity"] = "elector-7", ["leaseDurationSeconds"] = 10, ["leaseTransitions"] = 4, ["renewTime"] = renewed, ["acquireTime"] = renewed }));
        Host b = Pod("host-b");

        LeaseAnswer first = await b.TakeAsync();
        b.Time.Advance(TimeSpan.FromSeconds(10));
        LeaseAnswer second = await b.TakeAsync();

        Assert.Equal(("elector-7", TimeSpan.FromSeconds(10)), (first.Holder, first.RetryAfter));
        Assert.Equal(("elector-7", 5L), (second.Grant?.Unreleased, second.Grant?.Epoch.Number));
    }

    [Fact]
    public async Task A_renewal_begins_the_wait_anew_even_if_the_clock_of_the_holder_stands_still()
    {
        GivenBack();
        (Host a, Host b) = (Pod("host-a"), Pod("host-b"));
        (LeaseRequest Request, LeaseGrant Grant) held = await a.HoldAsync();

        for (int i = 0; i < 5; i++)
        {
            Assert.Null((await b.TakeAsync()).Grant);
            b.Time.Advance(TimeSpan.FromSeconds(9));
            Assert.Equal(held.Grant.Epoch, (await a.RenewAsync(held))?.Epoch);
        }

        Assert.Equal(TimeSpan.FromSeconds(10), (await b.TakeAsync()).RetryAfter);
    }

    [Fact]
    public async Task The_record_lasts_for_as_long_as_its_holder_wrote_not_for_as_long_as_the_observer_would()
    {
        GivenBack();
        (Host a, Host b) = (Pod("host-a"), Pod("host-b"));
        await a.HoldAsync(seconds: 60);

        Assert.Equal(TimeSpan.FromSeconds(60), (await b.TakeAsync(seconds: 10)).RetryAfter);
        b.Time.Advance(TimeSpan.FromSeconds(59));
        Assert.Null((await b.TakeAsync(seconds: 10)).Grant);
    }

    [Fact]
    public async Task A_record_without_a_duration_lasts_for_as_long_as_the_observer_asks_for()
    {
        Server.Leases.Create(ApiServer.FakeApiServer.Space, Given.Lease(Host.LeaseName, new JsonObject { ["holderIdentity"] = "somebody" }));
        Host b = Pod("host-b");

        Assert.Equal(TimeSpan.FromSeconds(10), (await b.TakeAsync()).RetryAfter);
        b.Time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal("somebody", (await b.TakeAsync()).Grant?.Unreleased);
    }

    [Fact]
    public async Task Any_change_of_the_object_begins_the_wait_anew()
    {
        GivenBack();
        (Host a, Host b) = (Pod("host-a"), Pod("host-b"));
        await a.HoldAsync();
        await b.TakeAsync();
        b.Time.Advance(TimeSpan.FromSeconds(9));

        Edit(lease => lease["metadata"]!["labels"] = new JsonObject { ["team"] = "shop" });

        Assert.Equal(TimeSpan.FromSeconds(10), (await b.TakeAsync()).RetryAfter);
    }

    [Fact]
    public async Task What_has_run_out_by_the_holders_own_clock_is_not_renewed_though_nobody_has_taken_it()
    {
        GivenBack();
        Host a = Pod("host-a");
        (LeaseRequest Request, LeaseGrant Grant) held = await a.HoldAsync();

        a.Time.Advance(TimeSpan.FromSeconds(10));

        Assert.Null(await a.RenewAsync(held));
    }

    [Fact]
    public async Task Who_holds_it_renews_with_one_request_and_after_somebody_has_edited_the_object_with_three()
    {
        GivenBack();
        Host a = Pod("host-a");
        (LeaseRequest Request, LeaseGrant Grant) held = await a.HoldAsync();
        Server.Asked.Clear();

        Assert.NotNull(await a.RenewAsync(held));
        Assert.Equal(["update"], Server.Asked.Select(static ask => ask.Verb));

        Edit(lease => lease["metadata"]!["annotations"]!["note"] = "looked at by hand");
        Server.Asked.Clear();
        Assert.Equal(held.Grant.Epoch, (await a.RenewAsync(held))?.Epoch);

        Assert.Equal(["update", "get", "update"], Server.Asked.Select(static ask => ask.Verb));
        Assert.Equal("looked at by hand", (string?)Lease()["metadata"]!["annotations"]!["note"]);
    }

    [Fact]
    public async Task The_record_tells_kubectl_who_holds_it_for_how_long_and_since_when()
    {
        GivenBack();
        Host a = Pod("host-a");
        (LeaseRequest request, LeaseGrant grant) = await a.HoldAsync(seconds: 2.1);

        Assert.Equal($"host-a_{request.Attempt:N}", (string?)Spec("holderIdentity"));
        Assert.Equal(3, (int?)Spec("leaseDurationSeconds"));
        Assert.Equal(TimeSpan.FromSeconds(3), grant.Duration);
        Assert.Equal("nightly", (string?)Lease()["metadata"]!["annotations"]!["failover.resource"]);

        // A clock of whole seconds: the client would leave out the microseconds, and the server would refuse it.
        Assert.Equal("2026-05-04T03:02:01.000001Z", (string?)Spec("acquireTime"));

        await a.ReleaseAsync(request);
        Assert.Equal(("", 1), ((string?)Spec("holderIdentity"), (int?)Spec("leaseDurationSeconds")));
        Assert.Equal(grant.Epoch.Number, (long?)Spec("leaseTransitions"));
        Assert.DoesNotContain("failover.unreleased", Lease()["metadata"]!["annotations"]!.AsObject().Select(static pair => pair.Key));
    }

    [Fact]
    public async Task A_token_that_cannot_grow_is_an_error_and_not_a_lower_one()
    {
        GivenBack();
        Edit(lease => lease["spec"]!["leaseTransitions"] = int.MaxValue);

        LeaseStoreException told = await Assert.ThrowsAsync<LeaseStoreException>(() => Pod("host-a").TakeAsync());

        Assert.Contains("leaseTransitions", told.Message, StringComparison.Ordinal);
    }
}
