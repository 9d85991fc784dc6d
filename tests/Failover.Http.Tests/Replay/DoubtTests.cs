using System.Net;

namespace Failover.Http.Tests.Replay;

/// <summary>What a group knows of a member whose requests failed, while the next member has not answered them yet.</summary>
public sealed class DoubtTests
{
    [Theory]
    [InlineData("503")]
    [InlineData("reset")]
    public async Task A_member_is_left_before_the_next_one_has_answered(string fault)
    {
        FakeProbe probe = new();
        await using FailoverGroup group = new FailoverGroupBuilder("orders")
            .AddMember(new Uri("https://a"))
            .AddMember(new Uri("https://b"))
            .UseProbe(probe)
            .Configure(options => options.Detection.ProbeInterval = TimeSpan.FromHours(1))
            .Build();
        HeldSecond backends = new(new StubBackends().Does("a", fault));
        using HttpMessageInvoker client = new(new FailoverHandler(group) { InnerHandler = backends });
        await Given.UntilAsync(() => group.Snapshot.Members.All(member => member.Verdict == Verdict.Healthy), () => "not healthy");
        probe.Answers("a", ProbeResult.Failure("down"));
        using var first = new HttpRequestMessage(HttpMethod.Get, "https://a/");
        using var second = new HttpRequestMessage(HttpMethod.Get, "https://a/");

        Task<HttpResponseMessage>[] sending = [client.SendAsync(first, default), client.SendAsync(second, default)];

        await Given.ActiveAsync(group, "b");
        Assert.All(sending, one => Assert.False(one.IsCompleted));
        Assert.Equal((0, 0, 2, 0), Given.Told(group, 0));

        backends.Answer.SetResult();
        foreach (HttpResponseMessage response in await Task.WhenAll(sending).WaitAsync(Given.Limit))
        {
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            response.Dispose();
        }

        Assert.Equal((0, 2, 0, 0), Given.Told(group, 0));
    }

    /// <summary>The second member answers when it is told to.</summary>
    private sealed class HeldSecond(StubBackends backends) : DelegatingHandler(backends)
    {
        internal TaskCompletionSource Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await (request.RequestUri!.Authority == "b" ? Answer.Task : Task.CompletedTask);
            return await base.SendAsync(request, cancellationToken);
        }
    }
}
