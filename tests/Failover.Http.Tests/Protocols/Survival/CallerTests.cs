using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;

namespace Failover.Http.Tests.Protocols.Survival;

/// <summary>What callers set on clients, messages and transports: headers, cookies, credentials, options.</summary>
public sealed class CallerTests(SurvivalServers servers) : SurvivalTests(servers)
{
    [Theory]
    [MemberData(nameof(Wires))]
    public async Task Headers_of_the_client_and_of_the_message_arrive(Wire wire)
    {
        IReadOnlyList<string> seen = await SameAsync(wire, context => context.Response.WriteAsync("ok"), async run =>
        {
            HttpRequestHeaders defaults = run.Client.DefaultRequestHeaders;
            defaults.Authorization = new AuthenticationHeaderValue("Bearer", "token-of-the-client");
            defaults.UserAgent.ParseAdd("Storefront/1.0 (tests)");
            defaults.Add("X-Default", ["one", "two"]);
            defaults.AcceptLanguage.ParseAdd("en, de;q=0.5");
            await run.SendAsync(run.Request(HttpMethod.Get, "/defaults"));

            HttpRequestMessage request = run.Request(HttpMethod.Post, "/own");
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", "b3du");
            request.Headers.TryAddWithoutValidation("X-Unchecked", "a value; that=\"nobody\", checked");
            request.Headers.TryAddWithoutValidation("Accept", "a/b, */*; q=0.1, not parsed");
            request.Headers.IfNoneMatch.ParseAdd("\"1\", W/\"2\"");
            request.Headers.Date = DateTimeOffset.UnixEpoch;
            request.Headers.Range = new RangeHeaderValue(0, 3);
            request.Headers.Referrer = new Uri("https://elsewhere.example.com/x?y");
            request.Headers.ConnectionClose = !wire.IsHttp2();
            await run.SendAsync(request);
        });

        Assert.Contains("a got header: Authorization: Bearer token-of-the-client", seen);
        Assert.Contains("a got header: Authorization: Basic b3du", seen);
        Assert.Contains("a got header: X-Unchecked: a value; that=\"nobody\", checked", seen, StringComparer.OrdinalIgnoreCase);
    }

    [Theory]
    [MemberData(nameof(Wires))]
    public async Task Cookies_are_kept_and_sent_back(Wire wire)
    {
        IReadOnlyList<string> seen = await SameAsync(
            wire,
            context =>
            {
                context.Response.Cookies.Append("session", "1", new CookieOptions { HttpOnly = true });
                context.Response.Cookies.Append("narrow", "2", new CookieOptions { Path = "/narrow" });
                context.Response.Cookies.Append("visits", $"{context.Request.Cookies.Count}");
                return Task.CompletedTask;
            },
            async run =>
            {
                foreach (string path in (string[])["/", "/narrow", "/narrow/below", "/wide"])
                {
                    await run.SendAsync(run.Request(HttpMethod.Get, path));
                }

                // One that the caller sets beside those of the container.
                HttpRequestMessage request = run.Request(HttpMethod.Post, "/");
                request.Headers.Add("Cookie", "own=3");
                await run.SendAsync(request);
                run.Seen.Add($"jar: {string.Join("; ", run.Transport.CookieContainer.GetAllCookies().Select(cookie => $"{cookie} {cookie.Domain} {cookie.Path}").Order(StringComparer.Ordinal))}");
            },
            transport => transport.CookieContainer = new CookieContainer());

        Assert.Contains("a got header: Cookie: narrow=2; session=1; visits=0", seen);
        Assert.Contains(seen, line => line.StartsWith("jar: narrow=2 localhost /narrow; session=1 localhost /;", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Wires))]
    public async Task Credentials_answer_a_challenge(Wire wire)
    {
        IReadOnlyList<string> seen = await SameAsync(
            wire,
            async context =>
            {
                await context.Request.Body.CopyToAsync(Stream.Null);
                if (context.Request.Headers.Authorization.Count == 0)
                {
                    context.Response.StatusCode = 401;
                    context.Response.Headers.WWWAuthenticate = "Basic realm=\"tests\"";
                }
            },
            async run =>
            {
                await run.SendAsync(run.Request(HttpMethod.Get, "/"));
                HttpRequestMessage request = run.Request(HttpMethod.Post, "/");
                request.Content = new StringContent("content");
                await run.SendAsync(request);
                await run.SendAsync(run.Request(HttpMethod.Post, "/empty"));
            },
            transport => (transport.Credentials, transport.PreAuthenticate) = (new NetworkCredential("user", "password"), true));

        Assert.Contains("a got header: Authorization: Basic dXNlcjpwYXNzd29yZA==", seen);
        Assert.DoesNotContain(seen, line => line.StartsWith("answer: ", StringComparison.Ordinal) && line.Contains("401", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Wires))]
    public async Task Options_and_the_message_itself_reach_the_transport_and_come_back(Wire wire)
    {
        var key = new HttpRequestOptionsKey<string>("mine");
        IReadOnlyList<string> seen = await SameAsync(wire, context => context.Response.WriteAsync("ok"), async run =>
        {
            using HttpRequestMessage request = run.Request(HttpMethod.Post, "/options");
            using var content = new StringContent("content");
            request.Content = content;
            request.Options.Set(key, "value");
            using HttpResponseMessage response = await run.Client.SendAsync(request);
            await run.Seen.AddAsync(response);
            run.Seen.Add(request);
            run.Seen.Add($"content is the caller's own: {ReferenceEquals(request.Content, content)}");

            // A message is sent once, with us too.
            await run.TryAsync(() => run.Client.SendAsync(request));
            run.Seen.Add($"still readable: {await content.ReadAsStringAsync()}");
        });

        Assert.Contains("message option: mine: value", seen);
        Assert.Contains("content is the caller's own: True", seen);
        Assert.Contains("threw: InvalidOperationException", seen);
    }

    [Theory]
    [MemberData(nameof(Wires))]
    public async Task A_client_that_was_disposed_of_refuses_alike(Wire wire)
    {
        IReadOnlyList<string> seen = await SameAsync(wire, context => context.Response.WriteAsync("ok"), async run =>
        {
            using HttpResponseMessage response = await run.Client.GetAsync("/", HttpCompletionOption.ResponseHeadersRead);
            run.Client.Dispose();
            run.Seen.Add($"body: {await response.Content.ReadAsStringAsync()}");
            await run.TryAsync(() => run.Client.GetAsync("/"));
        });

        Assert.Contains("threw: ObjectDisposedException", seen);
    }
}
