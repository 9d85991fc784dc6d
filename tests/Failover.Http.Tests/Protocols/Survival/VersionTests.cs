using System.Net;
using Microsoft.AspNetCore.Http;

namespace Failover.Http.Tests.Protocols.Survival;

/// <summary>Which HTTP is spoken is the caller's to say, and the transport's to agree on.</summary>
public sealed class VersionTests(SurvivalServers servers) : SurvivalTests(servers)
{
    [Theory]
    [MemberData(nameof(Wires))]
    public async Task Version_and_policy_lead_to_the_same(Wire wire)
    {
        IReadOnlyList<string> seen = await SameAsync(
            wire,
            context => context.Response.WriteAsync("ok"),
            async run =>
            {
                foreach (Version version in (Version[])[HttpVersion.Version10, HttpVersion.Version11, HttpVersion.Version20, HttpVersion.Version30])
                {
                    foreach (HttpVersionPolicy policy in Enum.GetValues<HttpVersionPolicy>())
                    {
                        run.Seen.Add($"asked: {version} {policy}");

                        // A POST: what fails without having been sent is tried on the other member, and fails there in the same way.
                        using HttpRequestMessage request = run.Request(HttpMethod.Post, "/");
                        (request.Version, request.VersionPolicy) = (version, policy);
                        try
                        {
                            using HttpResponseMessage response = await run.Client.SendAsync(request);
                            await run.Seen.AddAsync(response);
                        }
                        catch (HttpRequestException error) when (wire == Wire.Http1 && version.Major == 2)
                        {
                            // HTTP/2 for a server that speaks none: how the connection breaks is a race without us, too.
                            run.Seen.Add("threw: HttpRequestException after HTTP/2 in clear");
                            Assert.False(error.HttpRequestError == HttpRequestError.VersionNegotiationError);
                        }
                        catch (HttpRequestException error)
                        {
                            run.Seen.Add(error);
                        }

                        run.Seen.Add(request);
                    }
                }
            },
            transport => transport.PooledConnectionLifetime = TimeSpan.Zero);

        Assert.Equal(12, seen.Count(line => line.StartsWith("asked: ", StringComparison.Ordinal)));
        Assert.Contains(seen, line => line.StartsWith($"answer: HTTP/{wire.Version()} 200", StringComparison.Ordinal));
        Assert.Contains(seen, line => line.StartsWith("threw: HttpRequestException ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("1.1", HttpVersionPolicy.RequestVersionOrHigher)]
    [InlineData("2.0", HttpVersionPolicy.RequestVersionOrLower)]
    [InlineData("3.0", HttpVersionPolicy.RequestVersionExact)]
    [InlineData("3.0", HttpVersionPolicy.RequestVersionOrLower)]
    public async Task Each_attempt_asks_for_the_version_that_the_caller_asked_for(string version, HttpVersionPolicy policy)
    {
        // HTTP/3 needs QUIC, which few machines have: that its version reaches the transport untouched, on every member, is what we add to it.
        List<(string, Version, HttpVersionPolicy)> attempts = [];
        await using FailoverGroup group = Given.Group(new FakeProbe(), "https://a.example.com", "https://b.example.com");
        using var client = new HttpClient(new FailoverHandler(group)
        {
            InnerHandler = new Stub(request =>
            {
                attempts.Add((request.RequestUri!.Host, request.Version, request.VersionPolicy));
                return new HttpResponseMessage(attempts.Count == 1 ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.OK) { Version = request.Version };
            }),
        });
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://a.example.com/") { Version = Version.Parse(version), VersionPolicy = policy };

        using HttpResponseMessage response = await client.SendAsync(request);

        Assert.Equal([("a.example.com", Version.Parse(version), policy), ("b.example.com", Version.Parse(version), policy)], attempts);
        Assert.Equal(Version.Parse(version), response.Version);
    }

    private sealed class Stub(Func<HttpRequestMessage, HttpResponseMessage> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(answer(request));
    }
}
