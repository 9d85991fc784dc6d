using Failover.DnsSwitching.Rfc2136;
using Failover.DnsSwitching.Tests.Fakes;
using Failover.DnsSwitching.Wire;
using Failover.TestServers.Dns;

namespace Failover.DnsSwitching.Tests.Rfc2136;

/// <summary>Whatever comes as an answer, it is an outcome: and never that it was done.</summary>
public sealed class BadAnswerTests
{
    /// <summary>That of the provider, and of the server that signs.</summary>
    private static readonly TimeProvider Clock = TimeProvider.System;

    private static readonly DnsChange Change = new(new("www.example.test", DnsValues.None, null, null), DnsValues.Parse("192.0.2.1"), Given.Ttl, Given.Owner("one"));

    public static TheoryData<string, string> Answers { get; } = new()
    {
        { "nothing", "the connection was closed without an answer" },
        { "half a length", "the connection was closed without an answer" },
        { "half a message", "the connection was closed without an answer" },
        { "no byte", "what came is no message of DNS" },
        { "noise", "what came is no message of DNS" },
        { "web page", "the connection was closed without an answer" },
        { "the request itself", "what came is not the answer to our request" },
        { "another number", "what came is not the answer to our request" },
        { "done, unsigned", "its answer is not to be believed: it is not signed" },
        { "done, signed by another", "its answer is not to be believed: it is not signed with the secret of our key" },
        { "done, signed an hour ago", "its answer is not to be believed: it was signed at another time: the clock of the server differs by -3600 s" },
        { "done, with the signature of the request", "its answer is not to be believed: it is not signed with the secret of our key" },
        { "conflict, unsigned", "its answer is not to be believed: it is not signed" },
        { "a code of tomorrow, signed", "it answered 15" },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task An_answer_that_is_none_leaves_it_unknown(string what, string told)
    {
        await using FakeNameServer server = FakeNameServer.Start(request => Answer(what, request));
        await using Rfc2136Provider provider = new(Given.Options(server.Port), Clock);

        DnsOutcome.Unknown unknown = Assert.IsType<DnsOutcome.Unknown>(await provider.ApplyAsync(Change, CancellationToken.None));

        Assert.Contains(told, unknown.Reason, StringComparison.Ordinal);
        Assert.IsType<DnsRead.Failed>(await provider.ReadAsync("www.example.test", CancellationToken.None));
        Assert.IsType<DnsOutcome.Failed>(await provider.ProbeAsync("www.example.test", Change.Values, CancellationToken.None));
    }

    [Fact]
    public async Task A_server_that_failed_has_done_nothing()
    {
        await using FakeNameServer server = FakeNameServer.Start(static request => Signed(request, DnsCode.ServFail));
        await using Rfc2136Provider provider = new(Given.Options(server.Port), Clock);

        Assert.Contains("SERVFAIL", Assert.IsType<DnsOutcome.Failed>(await provider.ApplyAsync(Change, CancellationToken.None)).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(4, "takes no updates")]
    [InlineData(1, "takes no updates")]
    [InlineData(9, "(NOTAUTH)")]
    public async Task A_server_that_takes_no_updates_says_so_unsigned_too(int code, string told)
    {
        await using FakeNameServer server = FakeNameServer.Start(request => FakeNameServer.Framed(Header(request, (DnsCode)code)));
        await using Rfc2136Provider provider = new(Given.Options(server.Port), Clock);

        Assert.Contains(told, Assert.IsType<DnsOutcome.Denied>(await provider.ApplyAsync(Change, CancellationToken.None)).Reason, StringComparison.Ordinal);
    }

    private static byte[] Answer(string what, byte[] request) => what switch
    {
        "nothing" => [],
        "half a length" => [0],
        "half a message" => [0, 12, 1, 2, 3],
        "no byte" => [0, 0],
        "noise" => FakeNameServer.Framed([.. Enumerable.Repeat((byte)0xFF, 300)]),
        "web page" => "HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray(),
        "the request itself" => FakeNameServer.Framed(request),
        "another number" => FakeNameServer.Framed([(byte)~request[0], .. Header(request, DnsCode.NoError)[1..]]),
        "done, unsigned" => FakeNameServer.Framed(Header(request, DnsCode.NoError)),
        "done, signed by another" => Signed(request, DnsCode.NoError, NameServerKey.Failover.WithOtherSecret()),
        "done, signed an hour ago" => Signed(request, DnsCode.NoError, ago: TimeSpan.FromHours(1)),
        "done, with the signature of the request" => FakeNameServer.Framed([request[0], request[1], (byte)(request[2] | 0x84), .. request[3..]]),
        "conflict, unsigned" => FakeNameServer.Framed(Header(request, DnsCode.NxRrset)),
        _ => Signed(request, (DnsCode)15),
    };

    private static byte[] Header(byte[] request, DnsCode code) => [request[0], request[1], (byte)(request[2] | 0x84), (byte)code, 0, 0, 0, 0, 0, 0, 0, 0];

    private static byte[] Signed(byte[] request, DnsCode code, NameServerKey? key = null, TimeSpan ago = default) =>
        FakeNameServer.Framed(SignedAnswer.Of(Header(request, code), request, key ?? NameServerKey.Failover, Clock.GetUtcNow() - ago));
}
