using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;

namespace Failover.Http.Tests.Protocols.Survival;

/// <summary>Where requests go, and what they and their handshakes call the server.</summary>
public sealed class AddressTests(SurvivalServers servers) : SurvivalTests(servers)
{
    private static readonly string[] Paths =
    [
        "/", "/orders/1", "/orders/1?q=x&r=%2F&s=a+b&empty=", "/a%2Fb/c%20d/%C3%BC", "/ü/ö?ä=ß#fragment", "/a/../b/./c", "//double//slash", "/semi;colon=1/at@x/~tilde/(paren)", "/?only=query", "/%41%7e%2D", "/orders/1#fragment?not=query", "/a%5Cb%3F%23",
    ];

    [Theory]
    [MemberData(nameof(Wires))]
    public async Task Paths_queries_and_fragments_arrive_as_they_were_written(Wire wire)
    {
        IReadOnlyList<string> seen = await SameAsync(wire, Answer, async run =>
        {
            foreach (string path in Paths)
            {
                // As an absolute URI, and as one that is put together with the base address.
                await run.SendAsync(run.Request(HttpMethod.Get, run.Client.BaseAddress!.GetLeftPart(UriPartial.Authority) + path));
                await run.SendAsync(run.Request(HttpMethod.Get, path.StartsWith("//", StringComparison.Ordinal) ? "." + path : path));
            }

            // As they stand: not even the dots are taken out.
            var raw = new Uri(run.Client.BaseAddress!.GetLeftPart(UriPartial.Authority) + "/a/../%41?%7e", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
            using var request = new HttpRequestMessage(HttpMethod.Get, raw) { Version = wire.Version(), VersionPolicy = HttpVersionPolicy.RequestVersionExact };
            using HttpResponseMessage response = await run.Client.SendAsync(request);
            await run.Seen.AddAsync(response);
        });

        Assert.Equal((2 * Paths.Length) + 1, seen.Count(line => line.StartsWith("a got: GET ", StringComparison.Ordinal)));
        Assert.Contains(seen, line => line.StartsWith("a got: GET /a/../%41?%7e ", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Wires))]
    public async Task Paths_below_a_base_path_arrive_as_if_the_member_had_been_named(Wire wire)
    {
        // Without us: the member by its own address. With us: by a name that does not exist and a path of its own, or by the address of the other member.
        SurvivalServers.Trio trio = Servers.Of(wire);
        var orders = new Uri(trio.A.Address.Scheme + "://orders/v1/");
        IReadOnlyList<string> without = await PlayAsync(wire, Answer, run => SendAsync(run, new Uri(trio.A.Address, "/base/")), adjust: null, inner => inner);
        Assert.Equal(Paths.Length + 1, without.Count(line => line.StartsWith("a got: GET /base/", StringComparison.Ordinal)));
        foreach (Uri name in (Uri[])[orders, new(trio.B.Address, "/other/")])
        {
            await using FailoverGroup group = Given.Group(new FakeProbe(), new Uri(trio.A.Address, "/base").AbsoluteUri, new Uri(trio.B.Address, "/other/").AbsoluteUri);
            Assert.Equal(without, await PlayAsync(wire, Answer, run => SendAsync(run, name), adjust: null, inner => new FailoverHandler(group) { InnerHandler = inner, BaseAddress = orders }));
        }

        async Task SendAsync(Run run, Uri baseAddress)
        {
            run.Client.BaseAddress = baseAddress;
            foreach (string path in Paths)
            {
                using HttpRequestMessage request = run.Request(HttpMethod.Get, "." + path);
                using HttpResponseMessage response = await run.Client.SendAsync(request);
                await run.Seen.AddAsync(response);
            }

            run.Seen.Add(await run.Client.GetStringAsync(""));
        }
    }

    [Theory]
    [MemberData(nameof(Wires))]
    public async Task What_the_caller_says_of_the_host_is_what_the_server_hears(Wire wire)
    {
        IReadOnlyList<string> seen = await SameAsync(wire, Answer, async run =>
        {
            HttpRequestMessage request = run.Request(HttpMethod.Get, "/");
            request.Headers.Host = "virtual.example.com:1234";
            await run.SendAsync(request);
            await run.SendAsync(run.Request(HttpMethod.Get, "/"));
            run.Seen.Add($"handshakes: {string.Join(", ", run.Servers.A.Names.Order(StringComparer.Ordinal))}");
        });

        Assert.Contains("a got header: Host: virtual.example.com:1234", seen);
        Assert.Contains(seen, line => line.StartsWith("a got header: Host: localhost:", StringComparison.Ordinal));
        Assert.Contains(wire.HasTls() ? "handshakes: a was called localhost, a was called virtual.example.com" : "handshakes: ", seen);
    }

    [Theory]
    [MemberData(nameof(Wires))]
    public async Task Each_member_is_called_by_its_own_name(Wire wire)
    {
        // Names for the two servers that no DNS knows, so that they differ.
        SurvivalServers.Trio trio = Servers.Of(wire);
        string[] members = [.. new[] { ("a.example.com", trio.A), ("b.example.com", trio.B) }.Select(member => new UriBuilder(member.Item2.Address) { Host = member.Item1 }.Uri.AbsoluteUri)];
        await using FailoverGroup group = Given.Group(new FakeProbe(), members);

        IReadOnlyList<string> seen = await PlayAsync(
            wire,
            Answer,
            async run =>
            {
                run.Client.BaseAddress = new Uri(members[0]);
                await run.SendAsync(run.Request(HttpMethod.Get, "/1"));
                await group.SwitchToAsync(group.Snapshot.Members[1].Member, default);
                await run.SendAsync(run.Request(HttpMethod.Get, "/2"));
            },
            ByPort,
            inner => new FailoverHandler(group) { InnerHandler = inner });

        Assert.Equal(["a got header: Host: a.example.com:" + trio.A.Address.Port, "b got header: Host: b.example.com:" + trio.B.Address.Port], seen.Where(line => line.Contains(" got header: Host:", StringComparison.Ordinal)));
        Assert.Equal(wire.HasTls() ? ["a was called a.example.com", "b was called b.example.com"] : [], trio.All.SelectMany(server => server.Names));

        static void ByPort(SocketsHttpHandler transport) => transport.ConnectCallback = async (context, cancellationToken) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        };
    }

    [Theory]
    [MemberData(nameof(Wires))]
    public async Task What_is_no_member_of_the_group_is_left_alone(Wire wire)
    {
        IReadOnlyList<string> seen = await SameAsync(wire, Answer, run => run.SendAsync(run.Request(HttpMethod.Post, new Uri(run.Servers.Foreign.Address, "/elsewhere?q#f").AbsoluteUri)));

        Assert.Contains(seen, line => line.StartsWith("foreign got: POST /elsewhere?q ", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Wires))]
    public async Task A_URI_that_nobody_can_send_to_is_refused_alike(Wire wire)
    {
        IReadOnlyList<string> seen = await SameAsync(wire, Answer, async run =>
        {
            foreach (string uri in (string[])["ftp://localhost/x", "http://name.invalid:1/", "https:///x"])
            {
                await run.TryAsync(() => run.SendAsync(run.Request(HttpMethod.Get, uri)));
            }

            await run.TryAsync(async () =>
            {
                using var request = new HttpRequestMessage { Version = wire.Version(), VersionPolicy = HttpVersionPolicy.RequestVersionExact };
                await run.SendAsync(request);
            });
            using var invoker = new HttpMessageInvoker(run.Chain, disposeHandler: false);
            await run.TryAsync(() => invoker.SendAsync(run.Request(HttpMethod.Get, "/relative"), default));
            using var nowhere = new HttpRequestMessage();
            await run.TryAsync(() => invoker.SendAsync(nowhere, default));
            await run.TryAsync(() => invoker.SendAsync(null!, default));
        });

        Assert.Contains("threw: NotSupportedException", seen);
        Assert.Contains("threw: InvalidOperationException", seen);
    }

    private static Task Answer(HttpContext context) => context.Response.WriteAsync("ok");
}
