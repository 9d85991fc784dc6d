using System.Net;
using Microsoft.AspNetCore.Http;

namespace Failover.Http.Tests.Protocols.Survival;

/// <summary>Redirects are the transport's: it follows them below us, wherever they lead.</summary>
public sealed class RedirectTests(SurvivalServers servers) : SurvivalTests(servers)
{
    public static TheoryData<Wire, string> Targets
    {
        get
        {
            var data = new TheoryData<Wire, string>();
            foreach (Wire wire in Enum.GetValues<Wire>())
            {
                data.Add(wire, "a");
                data.Add(wire, "b");
                data.Add(wire, "foreign");
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public async Task A_redirect_is_followed_to_the_same_place(Wire wire, string target)
    {
        Uri landing = new(Servers.Of(wire).All.ElementAt(target switch { "a" => 0, "b" => 1, _ => 2 }).Address, "/landing?q#f");
        IReadOnlyList<string> seen = await SameAsync(wire, context => RedirectAsync(context, landing), async run =>
        {
            foreach (int status in (int[])[301, 302, 303, 307, 308])
            {
                foreach (string method in (string[])["GET", "HEAD", "POST", "PUT"])
                {
                    HttpRequestMessage request = run.Request(new HttpMethod(method), $"/{status}");
                    request.Headers.Authorization = new("Bearer", "token");
                    request.Headers.Add("X-Mine", "kept");
                    request.Content = method is "POST" or "PUT" ? new StringContent("content") : null;
                    await run.SendAsync(request);
                }
            }
        });

        Assert.Equal(20, seen.Count(line => line.StartsWith($"{target} got: ", StringComparison.Ordinal) && line.Contains(" /landing?q ", StringComparison.Ordinal)));
        Assert.Equal(20, seen.Count(line => line.StartsWith("answer to: ", StringComparison.Ordinal) && line.Contains(landing.AbsoluteUri, StringComparison.Ordinal)));

        // A POST becomes a GET where RFC 9110 lets it, and takes its content along where it does not.
        Assert.Contains(seen, line => line.StartsWith($"{target} got: POST /landing?q ", StringComparison.Ordinal));
        Assert.Contains($"{target} read: {Transcript.Body("content"u8.ToArray())}", seen);
    }

    [Theory]
    [MemberData(nameof(Wires))]
    public async Task A_redirect_is_an_answer_where_the_transport_does_not_follow(Wire wire)
    {
        Uri landing = new(Servers.Of(wire).B.Address, "/landing");
        IReadOnlyList<string> seen = await SameAsync(
            wire,
            context => RedirectAsync(context, landing),
            run => run.SendAsync(run.Request(HttpMethod.Get, "/302")),
            transport => transport.AllowAutoRedirect = false);

        Assert.Contains($"answer header: Location: {landing}", seen);
        Assert.DoesNotContain(seen, line => line.StartsWith("b ", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Wires))]
    public async Task A_redirect_that_ends_in_failure_ends_alike(Wire wire)
    {
        Uri foreign = Servers.Of(wire).Foreign.Address;
        Uri dead = RawServer.DeadAddress();
        IReadOnlyList<string> seen = await SameAsync(
            wire,
            context =>
            {
                switch (context.Request.Path)
                {
                    case "/unavailable":
                        context.Response.StatusCode = 503;
                        break;
                    case "/broken":
                        context.Abort();
                        break;
                    default:
                        context.Response.Redirect(context.Request.Query["to"]!);
                        break;
                }

                return Task.CompletedTask;
            },
            async run =>
            {
                // Round and round, up to the transport's limit.
                await run.SendAsync(run.Request(HttpMethod.Get, "/?to=%3Fto%3D"));
                await run.SendAsync(run.Request(HttpMethod.Get, $"/?to={new Uri(foreign, "/unavailable")}"));
                foreach (Uri to in (Uri[])[new(foreign, "/broken"), dead])
                {
                    // The transport leaves the URI of the redirect on a message that failed. With us it is the caller's own again, as FailoverHandler says.
                    using HttpRequestMessage request = run.Request(HttpMethod.Get, $"/?to={to}");
                    await run.TryAsync(() => run.Client.SendAsync(request));
                }
            },
            transport => transport.MaxAutomaticRedirections = 3);

        Assert.Contains($"answer: HTTP/{wire.Version()} 503 Service Unavailable", seen);
        Assert.Contains(seen, line => line.StartsWith("threw: HttpRequestException ", StringComparison.Ordinal));
        Assert.DoesNotContain(seen, line => line.StartsWith("b ", StringComparison.Ordinal));
    }

    private static Task RedirectAsync(HttpContext context, Uri landing)
    {
        if (context.Request.Path == "/landing")
        {
            return context.Request.Body.CopyToAsync(context.Response.Body);
        }

        context.Response.StatusCode = int.Parse(context.Request.Path.Value!.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture);
        context.Response.Headers.Location = landing.AbsoluteUri;
        return Task.CompletedTask;
    }
}
