using System.Net;
using System.Net.Http.Headers;
using System.Text;
using k8s;
using k8s.Autorest;
using k8s.LeaderElection;
using k8s.LeaderElection.ResourceLock;
using k8s.Models;

namespace Failover.Kubernetes.Tests.ApiServer;

/// <summary>The stand-in for an API server is not shaped after our own store: what the official client asks as <c>kubectl</c> would, and its own leader election, work on it, and what the real one refuses it refuses.</summary>
public sealed class OfficialClientTests : OnApiServer
{
    private const string Valid = """{"apiVersion":"coordination.k8s.io/v1","kind":"Lease","metadata":{"name":"x"},"spec":{"holderIdentity":"a","leaseDurationSeconds":15,"leaseTransitions":1,"renewTime":"2026-01-02T03:04:05.000006Z"}}""";

    [Fact]
    public async Task It_lists_gets_creates_replaces_patches_and_deletes()
    {
        using k8s.Kubernetes client = new(Server.Client(FakeApiServer.Admin));
        ICoordinationV1Operations leases = client.CoordinationV1;

        V1Lease created = await leases.CreateNamespacedLeaseAsync(New("x"), FakeApiServer.Space);
        created.Spec.HolderIdentity = "b";
        V1Lease replaced = await leases.ReplaceNamespacedLeaseAsync(created, "x", FakeApiServer.Space);
        V1Lease patched = await leases.PatchNamespacedLeaseAsync(new V1Patch("""{"metadata":{"labels":{"team":"shop"}},"spec":{"holderIdentity":"c","leaseTransitions":null}}""", V1Patch.PatchType.MergePatch), "x", FakeApiServer.Space);
        await leases.CreateNamespacedLeaseAsync(New("y"), FakeApiServer.Space);

        Assert.Equal(created.Metadata.Uid, patched.Metadata.Uid);
        Assert.Equal(3, new[] { created, replaced, patched }.Select(static lease => lease.Metadata.ResourceVersion).Distinct().Count());
        Assert.Equal(("c", "shop", null), (patched.Spec.HolderIdentity, patched.Metadata.Labels["team"], patched.Spec.LeaseTransitions));
        Assert.Equal("c", (await leases.ReadNamespacedLeaseAsync("x", FakeApiServer.Space)).Spec.HolderIdentity);
        Assert.Equal(["x", "y"], (await leases.ListNamespacedLeaseAsync(FakeApiServer.Space)).Items.Select(static lease => lease.Metadata.Name));
        Assert.Equal(["y"], (await leases.ListNamespacedLeaseAsync(FakeApiServer.Space, fieldSelector: "metadata.name=y")).Items.Select(static lease => lease.Metadata.Name));

        Assert.Equal("Success", (await leases.DeleteNamespacedLeaseAsync("x", FakeApiServer.Space)).Status);
        Assert.Equal(404, await RefusedAsync(() => leases.ReadNamespacedLeaseAsync("x", FakeApiServer.Space)));
        Assert.Equal(404, await RefusedAsync(() => leases.PatchNamespacedLeaseAsync(new V1Patch("{}", V1Patch.PatchType.MergePatch), "x", FakeApiServer.Space)));
    }

    [Fact]
    public async Task It_refuses_what_is_stale_there_already_or_of_another_object()
    {
        using k8s.Kubernetes client = new(Server.Client(FakeApiServer.Admin));
        ICoordinationV1Operations leases = client.CoordinationV1;
        V1Lease first = await leases.CreateNamespacedLeaseAsync(New("x"), FakeApiServer.Space);
        string version = first.Metadata.ResourceVersion;
        first.Spec.HolderIdentity = "b";
        await leases.ReplaceNamespacedLeaseAsync(first, "x", FakeApiServer.Space);

        Assert.Equal(409, await RefusedAsync(() => leases.CreateNamespacedLeaseAsync(New("x"), FakeApiServer.Space)));
        Assert.Equal(409, await RefusedAsync(() => leases.ReplaceNamespacedLeaseAsync(first, "x", FakeApiServer.Space)));
        Assert.Equal(409, await RefusedAsync(() => leases.PatchNamespacedLeaseAsync(new V1Patch($$$"""{"metadata":{"resourceVersion":"{{{version}}}"}}""", V1Patch.PatchType.MergePatch), "x", FakeApiServer.Space)));

        // An update makes what is not there, unless it says which object it means.
        await leases.DeleteNamespacedLeaseAsync("x", FakeApiServer.Space);
        Assert.Equal(409, await RefusedAsync(() => leases.ReplaceNamespacedLeaseAsync(first, "x", FakeApiServer.Space)));
        first.Metadata.Uid = null;
        Assert.NotEqual(version, (await leases.ReplaceNamespacedLeaseAsync(first, "x", FakeApiServer.Space)).Metadata.ResourceVersion);
    }

    [Fact]
    public async Task An_update_that_changes_nothing_is_none()
    {
        using k8s.Kubernetes client = new(Server.Client(FakeApiServer.Admin));
        V1Lease created = await client.CoordinationV1.CreateNamespacedLeaseAsync(New("x"), FakeApiServer.Space);

        V1Lease replaced = await client.CoordinationV1.ReplaceNamespacedLeaseAsync(created, "x", FakeApiServer.Space);

        Assert.Equal(created.Metadata.ResourceVersion, replaced.Metadata.ResourceVersion);
    }

    [Theory]
    [InlineData(201, Valid)]
    [InlineData(201, """{"metadata":{"name":"x"}}""")]
    [InlineData(400, """{"apiVersion":"v1","kind":"Lease","metadata":{"name":"x"}}""")]
    [InlineData(400, """{"apiVersion":"coordination.k8s.io/v1","kind":"Leases","metadata":{"name":"x"}}""")]
    [InlineData(400, """{"apiVersion":"coordination.k8s.io/v1","kind":"Lease","metadata":{"name":"x"},"spec":{"holderIdentitty":"a"}}""")]
    [InlineData(400, """{"apiVersion":"coordination.k8s.io/v1","kind":"Lease","metadata":{"name":"x"},"spec":{"leaseDurationSeconds":1.5}}""")]
    [InlineData(400, """{"apiVersion":"coordination.k8s.io/v1","kind":"Lease","metadata":{"name":"x"},"spec":{"renewTime":"2026-01-02T03:04:05Z"}}""")]
    [InlineData(400, """{"apiVersion":"coordination.k8s.io/v1","kind":"Lease","metadata":{"name":"x"},"spec":{"renewTime":"2026-01-02T03:04:05.1234567Z"}}""")]
    [InlineData(400, """{"apiVersion":"coordination.k8s.io/v1","kind":"Lease","metadata":{"name":"x","namespace":"other"}}""")]
    [InlineData(400, """{"apiVersion":"coordination.k8s.io/v1","kind":"Lease","metadata":{"name":"x"},"spec":{},"spec":{}}""")]
    [InlineData(400, "no JSON")]
    [InlineData(422, """{"apiVersion":"coordination.k8s.io/v1","kind":"Lease","metadata":{"name":"X"}}""")]
    [InlineData(422, """{"apiVersion":"coordination.k8s.io/v1","kind":"Lease","metadata":{"name":"x"},"spec":{"leaseDurationSeconds":0}}""")]
    [InlineData(422, """{"apiVersion":"coordination.k8s.io/v1","kind":"Lease","metadata":{"name":"x"},"spec":{"leaseTransitions":-1}}""")]
    [InlineData(422, """{"apiVersion":"coordination.k8s.io/v1","kind":"Lease","metadata":{"name":"x","annotations":{"a b":"c"}}}""")]
    [InlineData(500, """{"apiVersion":"coordination.k8s.io/v1","kind":"Lease","metadata":{"name":"x","resourceVersion":"7"}}""")]
    public async Task What_is_posted_is_decoded_strictly_and_validated(int status, string body) => Assert.Equal(status, await SendAsync(HttpMethod.Post, "?fieldValidation=Strict", body));

    [Fact]
    public async Task An_update_without_a_version_a_stray_parameter_a_wrong_token_and_a_wrong_content_type_are_refused()
    {
        Assert.Equal(201, await SendAsync(HttpMethod.Post, "", Valid));

        Assert.Equal(422, await SendAsync(HttpMethod.Put, "/x", Valid));
        Assert.Equal(400, await SendAsync(HttpMethod.Put, "/y", Valid));
        Assert.Equal(400, await SendAsync(HttpMethod.Post, "?fieldvalidation=Strict", Valid));
        Assert.Equal(415, await SendAsync(HttpMethod.Patch, "/x", Valid));
        Assert.Equal(401, await SendAsync(HttpMethod.Post, "", Valid, token: "stolen"));
        Assert.Equal(403, await SendAsync(HttpMethod.Delete, "/x", "", token: FakeApiServer.Pod));
    }

    [Fact]
    public async Task A_watch_tells_what_is_there_what_changes_and_bookmarks_and_ends_in_time()
    {
        using k8s.Kubernetes client = new(Server.Client(FakeApiServer.Admin));
        ICoordinationV1Operations leases = client.CoordinationV1;
        V1Lease lease = await leases.CreateNamespacedLeaseAsync(New("x"), FakeApiServer.Space);
        await leases.CreateNamespacedLeaseAsync(New("other"), FakeApiServer.Space);
        List<WatchEventType> told = [];

        await foreach ((WatchEventType type, _) in leases.WatchListNamespacedLeaseAsync(FakeApiServer.Space, fieldSelector: "metadata.name=x", timeoutSeconds: 1, allowWatchBookmarks: true))
        {
            told.Add(type);
            switch (type)
            {
                case WatchEventType.Added:
                    lease.Spec.HolderIdentity = "b";
                    await leases.ReplaceNamespacedLeaseAsync(lease, "x", FakeApiServer.Space);
                    break;
                case WatchEventType.Modified:
                    await leases.DeleteNamespacedLeaseAsync("x", FakeApiServer.Space);
                    break;
                case WatchEventType.Deleted:
                    ServerTime.Advance(TimeSpan.FromSeconds(1));
                    break;
            }
        }

        Assert.Equal([WatchEventType.Bookmark, WatchEventType.Added, WatchEventType.Modified, WatchEventType.Deleted], told);
    }

    [Fact]
    public async Task The_official_leader_election_runs_on_it_and_our_store_waits_for_its_leader()
    {
        using k8s.Kubernetes client = new(Server.Client(FakeApiServer.Admin));
        LeaderElector elector = new(new LeaderElectionConfig(new LeaseLock(client, FakeApiServer.Space, Host.LeaseName, "elector-a"))
        {
            LeaseDuration = TimeSpan.FromSeconds(15),
            RenewDeadline = TimeSpan.FromSeconds(10),
            RetryPeriod = TimeSpan.FromSeconds(2),
        });
        TaskCompletionSource leads = new(TaskCreationOptions.RunContinuationsAsynchronously);
        elector.OnStartedLeading += () => leads.TrySetResult();
        using CancellationTokenSource end = new();
        Task running = elector.RunUntilLeadershipLostAsync(end.Token);
        await leads.Task.WaitAsync(Limit);

        Assert.Equal("elector-a", (await Pod("host-b").TakeAsync()).Holder);

        await end.CancelAsync();
        await running.WaitAsync(Limit).ContinueWith(static _ => { }, TaskScheduler.Default);
    }

    private static V1Lease New(string name) => new() { ApiVersion = "coordination.k8s.io/v1", Kind = "Lease", Metadata = new() { Name = name }, Spec = new() { HolderIdentity = "a", LeaseDurationSeconds = 15, LeaseTransitions = 1 } };

    private static async Task<int> RefusedAsync(Func<Task> ask) => (int)(await Assert.ThrowsAsync<HttpOperationException>(ask)).Response.StatusCode;

    private async Task<int> SendAsync(HttpMethod method, string path, string body, string token = FakeApiServer.Admin)
    {
        using HttpClient client = new();
        using HttpRequestMessage request = new(method, new Uri(Server.Address, $"/apis/coordination.k8s.io/v1/namespaces/{FakeApiServer.Space}/leases{path}")) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using HttpResponseMessage response = await client.SendAsync(request);
        return (int)response.StatusCode;
    }
}
