using System.Text.Json.Nodes;
using Failover.Kubernetes.Tests.ApiServer;

namespace Failover.Kubernetes.Tests;

/// <summary>An object that is new may stand in place of one that was deleted while its holder acts.</summary>
public sealed class NewRecordTests : OnApiServer
{
    [Fact]
    public async Task A_record_that_was_not_there_is_made_and_granted_to_nobody_before_its_duration_has_passed()
    {
        (Host a, Host b) = (Pod("host-a"), Pod("host-b"));

        LeaseAnswer first = await a.TakeAsync();
        LeaseAnswer second = await b.TakeAsync();
        a.Time.Advance(TimeSpan.FromSeconds(9));
        LeaseAnswer third = await a.TakeAsync();
        a.Time.Advance(TimeSpan.FromSeconds(1));
        LeaseAnswer fourth = await a.TakeAsync();

        Assert.Equal((null, TimeSpan.FromSeconds(10)), (first.Holder, first.RetryAfter));
        Assert.Equal((null, TimeSpan.FromSeconds(10)), (second.Holder, second.RetryAfter));
        Assert.Equal(TimeSpan.FromSeconds(1), third.RetryAfter);
        Assert.Equal(new Epoch((string)Lease()["metadata"]!["uid"]!, 1), fourth.Grant?.Epoch);
        Assert.Null(fourth.Grant?.Unreleased);
        Assert.Equal("KubernetesLeaseBegun", Assert.Single(a.Logs.GetSnapshot()).Id.Name);
        Assert.Empty(b.Logs.GetSnapshot());
    }

    [Fact]
    public async Task Of_many_that_find_no_record_one_makes_it_and_none_gets_it()
    {
        Host[] hosts = [.. Enumerable.Range(0, 4).Select(i => Pod($"host-{i}"))];

        LeaseAnswer[] answers = await Task.WhenAll(hosts.SelectMany(host => Enumerable.Range(0, 4).Select(_ => Task.Run(() => host.TakeAsync()))));

        Assert.All(answers, answer => Assert.Null(answer.Grant));
        Assert.All(answers, answer => Assert.Null(answer.Holder));
        Assert.Single(hosts.SelectMany(host => host.Logs.GetSnapshot()));
    }

    [Fact]
    public async Task Whoever_deletes_the_record_ends_the_lease_for_its_holder_and_opens_it_for_nobody_until_it_would_have_run_out()
    {
        GivenBack();
        (Host a, Host b) = (Pod("host-a"), Pod("host-b"));
        (LeaseRequest Request, LeaseGrant Grant) held = await a.HoldAsync(seconds: 60);
        Assert.Equal("host-a", (await b.TakeAsync()).Holder);

        Server.Leases.Delete(FakeApiServer.Space, Host.LeaseName, null);

        // The holder makes it not anew: an update may do that.
        Assert.Null(await a.RenewAsync(held));
        await a.ReleaseAsync(held.Request);
        Assert.Empty(Server.Leases.List(FakeApiServer.Space));

        // B asks for 10 seconds, and knows that A had 60.
        Assert.Equal((null, TimeSpan.FromSeconds(60)), ((await b.TakeAsync()).Holder, (await b.TakeAsync()).RetryAfter));
        Assert.Null(await a.RenewAsync(held));
        b.Time.Advance(TimeSpan.FromSeconds(60));
        LeaseGrant? next = (await b.TakeAsync()).Grant;
        Assert.Equal("host-a", next?.Unreleased);
        Assert.NotEqual(held.Grant.Epoch.Lineage, next?.Epoch.Lineage);
    }

    [Fact]
    public async Task A_holder_whose_record_was_deleted_and_made_anew_has_lost_its_lease_even_under_its_own_name()
    {
        GivenBack();
        Host a = Pod("host-a");
        (LeaseRequest Request, LeaseGrant Grant) held = await a.HoldAsync();
        JsonObject copy = Given.Lease(Host.LeaseName, Lease()["spec"]!.DeepClone().AsObject());

        // From a backup that somebody has made with kubectl.
        Server.Leases.Delete(FakeApiServer.Space, Host.LeaseName, null);
        Server.Leases.Create(FakeApiServer.Space, copy);

        Assert.Null(await a.RenewAsync(held));
    }

    [Fact]
    public async Task A_record_without_a_trace_of_a_holder_is_waited_for_like_a_new_one()
    {
        Server.Leases.Create(FakeApiServer.Space, Given.Lease(Host.LeaseName, new JsonObject { ["leaseTransitions"] = 6 }));
        Host a = Pod("host-a");

        Assert.Equal(TimeSpan.FromSeconds(10), (await a.TakeAsync()).RetryAfter);
        a.Time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(7, (await a.TakeAsync()).Grant?.Epoch.Number);
    }

    [Fact]
    public async Task A_record_that_was_deleted_between_two_looks_is_made_anew_with_who_was_seen_to_hold_it()
    {
        GivenBack();
        (Host a, Host b, Host c) = (Pod("host-a"), Pod("host-b"), Pod("host-c"));
        await a.HoldAsync();
        await b.TakeAsync();
        Server.Leases.Delete(FakeApiServer.Space, Host.LeaseName, null);

        await b.TakeAsync();
        Assert.Null((await c.TakeAsync()).Grant);
        c.Time.Advance(TimeSpan.FromSeconds(10));

        // C has never seen the former record.
        Assert.Equal("host-a", (await c.TakeAsync()).Grant?.Unreleased);
    }
}
