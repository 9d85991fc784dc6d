using System.Net;
using System.Net.Http.Headers;
using Failover.Kubernetes.Api;
using k8s;
using k8s.Autorest;
using Moq;

namespace Failover.Kubernetes.Tests;

public class LeaseApiTests
{
    [Fact]
    public async Task A_refusal_that_comes_when_nobody_waits_any_more_is_a_cancellation_and_tells_nothing_of_what_was_sent()
    {
        using CancellationTokenSource enough = new();
        using HttpRequestMessage sent = new() { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", "pod-token") } };
        using HttpResponseMessage refused = new(HttpStatusCode.Forbidden);
        Mock<ICoordinationV1Operations> leases = new(MockBehavior.Strict);
        leases.Setup(static api => api.ReadNamespacedLeaseWithHttpMessagesAsync("nightly", "shop", null, null, It.IsAny<CancellationToken>()))
            .Callback(enough.Cancel)
            .ThrowsAsync(new HttpOperationException("what a server says") { Request = new(sent, ""), Response = new(refused, "what a server says") });

        OperationCanceledException told = await Assert.ThrowsAsync<OperationCanceledException>(() => new LeaseApi(leases.Object, "shop", TimeProvider.System).GetAsync("nightly", enough.Token));

        Assert.Null(told.InnerException);
        Assert.Equal(enough.Token, told.CancellationToken);
    }
}
