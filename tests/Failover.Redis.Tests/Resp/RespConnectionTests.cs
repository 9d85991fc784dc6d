using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Failover.Redis.Resp;
using Failover.TestServers.Sentinel;
using Failover.TestServers.Servers;

namespace Failover.Redis.Tests.Resp;

public sealed class RespConnectionTests
{
    private const string Password = "Gr4nite-and-moss";

    [Theory]
    [InlineData(null, Password, "AUTH " + Password)]
    [InlineData("app", Password, "AUTH app " + Password)]
    [InlineData("app", null, "AUTH app ")]
    public async Task The_credentials_come_first_and_then_the_name(string? user, string? password, string auth)
    {
        await using SentinelStandIn server = SentinelStandIn.Start(static _ => "+OK\r\n");

        await using RespConnection connection = await ConnectAsync(server.Port, new(user, password));

        Assert.Equal([auth, "CLIENT SETNAME tests"], server.Commands);
    }

    [Fact]
    public async Task Without_credentials_nothing_is_given()
    {
        await using SentinelStandIn server = SentinelStandIn.Start(static command => command[0] == "CLIENT" ? "-NOPERM no\r\n" : "+PONG\r\n");

        await using RespConnection connection = await ConnectAsync(server.Port, null);

        Assert.Equal("PONG", (await connection.AskAsync(CancellationToken.None, "PING")).Text);
        Assert.Equal(["CLIENT SETNAME tests", "PING"], server.Commands);
    }

    [Fact]
    public async Task Each_connection_asks_for_the_credentials_anew()
    {
        await using SentinelStandIn server = SentinelStandIn.Start(static _ => "+OK\r\n");
        int asked = 0;
        RespAccess access = new(_ => new(new RedisCredentials(null, $"p{++asked}")), null, "tests");

        await using RespConnection first = await RespConnection.ConnectAsync("127.0.0.1", server.Port, access, CancellationToken.None);
        await using RespConnection second = await RespConnection.ConnectAsync("127.0.0.1", server.Port, access, CancellationToken.None);

        Assert.Equal(["AUTH p1", "AUTH p2"], server.Commands.Where(static command => command.StartsWith("AUTH", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("-ERR unknown command 'AUTH', with args beginning with: 'app' '" + Password + "' \r\n", "ERR")]
    [InlineData("-WRONGPASS invalid username-password pair or user is disabled.\r\n", "WRONGPASS")]
    [InlineData("-" + Password + "\r\n", "ERR")]
    public async Task A_refused_password_stands_in_no_exception(string answer, string kind)
    {
        await using SentinelStandIn server = SentinelStandIn.Start(_ => answer);

        RespErrorException error = await Assert.ThrowsAsync<RespErrorException>(() => ConnectAsync(server.Port, new("app", Password)));

        Assert.Equal(kind, error.Kind);
        Assert.DoesNotContain(Password, error.ToString(), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData(null, "-WRONGPASS invalid username-password pair or user is disabled.")]
    [InlineData("app", "-WRONGPASS invalid username-password pair or user is disabled.")]
    [InlineData("app", "-ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?")]
    public async Task A_server_that_does_not_know_the_credentials_of_others_is_asked_without(string? user, string refusal)
    {
        await using SentinelStandIn server = SentinelStandIn.Start(command => command[0] == "AUTH" ? refusal + "\r\n" : "+PONG\r\n");
        await using RespConnection connection = await RespConnection.ConnectAsync("127.0.0.1", server.Port, OfOthers(user), CancellationToken.None);

        Assert.Equal("PONG", (await AskAsync(connection, "PING")).Text);
        await Assert.ThrowsAsync<RespErrorException>(() => ConnectAsync(server.Port, new(user, Password)));
    }

    [Theory]
    [InlineData("-WRONGPASS invalid username-password pair or user is disabled.", "WRONGPASS")]
    [InlineData("-NOPERM this user has no permissions", "NOPERM")]
    public async Task A_server_that_asks_for_credentials_and_refuses_those_of_others_is_told_with_its_first_word(string refusal, string kind)
    {
        await using SentinelStandIn server = SentinelStandIn.Start(command => command[0] == "AUTH" ? refusal + "\r\n" : "-NOAUTH Authentication required.\r\n");

        RespErrorException error = await Assert.ThrowsAsync<RespErrorException>(() => RespConnection.ConnectAsync("127.0.0.1", server.Port, OfOthers("app"), CancellationToken.None));

        Assert.Equal(kind, error.Kind);
    }

    [Fact]
    public async Task A_server_that_repeats_the_password_later_is_not_quoted()
    {
        await using SentinelStandIn server = SentinelStandIn.Start(static command => command[0] == "GET" ? $"-ERR you are {Password}\r\n" : "+OK\r\n");
        await using RespConnection connection = await ConnectAsync(server.Port, new(null, Password));

        RespErrorException error = await Assert.ThrowsAsync<RespErrorException>(() => AskAsync(connection, "GET", "k"));

        Assert.DoesNotContain(Password, error.ToString(), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(Password, RespFaults.EvidenceOf(error), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_password_that_cannot_be_had_is_a_fault_that_shows_nothing()
    {
        RespAccess access = new(static _ => throw new InvalidOperationException(Password), null, "tests");

        IOException error = await Assert.ThrowsAnyAsync<IOException>(() => RespConnection.ConnectAsync("127.0.0.1", 1, access, CancellationToken.None));

        Assert.True(RespFaults.IsFault(error));
        Assert.DoesNotContain(Password, error.ToString(), StringComparison.Ordinal);
        Assert.Contains(nameof(InvalidOperationException), RespFaults.EvidenceOf(error), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_provider_that_never_answers_ends_with_the_token()
    {
        RespAccess access = new(static _ => new(new TaskCompletionSource<RedisCredentials?>().Task), null, "tests");
        using CancellationTokenSource limit = new(TimeSpan.FromMilliseconds(50));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => RespConnection.ConnectAsync("127.0.0.1", 1, access, limit.Token));
    }

    [Fact]
    public void Credentials_show_nothing_of_themselves() => Assert.Equal("RedisCredentials", new RedisCredentials("app", Password).ToString());

    [Fact]
    public async Task An_error_as_the_answer_leaves_the_connection_usable()
    {
        await using SentinelStandIn server = SentinelStandIn.Start(static command => command[0] == "SET" ? "-READONLY You can't write\r\n" : "+PONG\r\n");
        await using RespConnection connection = await ConnectAsync(server.Port, null);

        RespErrorException error = await Assert.ThrowsAsync<RespErrorException>(() => AskAsync(connection, "SET", "k", "v"));

        Assert.Equal(("READONLY", "READONLY You can't write"), (error.Kind, error.Message));
        Assert.Equal("PONG", (await AskAsync(connection, "PING")).Text);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_left_when_the_token_says_so_and_not_asked_again()
    {
        await using SentinelStandIn server = SentinelStandIn.Start(static command => command[0] == "CLIENT" ? "+OK\r\n" : null);
        await using RespConnection connection = await ConnectAsync(server.Port, null);
        using CancellationTokenSource limit = new(TimeSpan.FromMilliseconds(50));

        Exception error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connection.AskAsync(limit.Token, "PING").AsTask());

        Assert.Equal("no answer in time", RespFaults.EvidenceOf(error));
        Assert.True(connection.IsBroken);
        await Assert.ThrowsAsync<IOException>(() => AskAsync(connection, "PING"));
    }

    [Fact]
    public async Task Nonsense_makes_the_connection_unusable()
    {
        await using SentinelStandIn server = SentinelStandIn.Start(static command => command[0] == "CLIENT" ? "+OK\r\n" : "$9999999999\r\n");
        await using RespConnection connection = await ConnectAsync(server.Port, null);

        await Assert.ThrowsAsync<RespProtocolException>(() => AskAsync(connection, "PING"));
        await Assert.ThrowsAsync<IOException>(() => AskAsync(connection, "PING"));
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_a_fault()
    {
        Exception? error = await Record.ExceptionAsync(() => ConnectAsync(1, null));

        Assert.True(RespFaults.IsFault(error!));
        Assert.Equal("ConnectionRefused", RespFaults.EvidenceOf(error!));
    }

    [Fact]
    public async Task A_subscription_is_read_message_by_message()
    {
        await using SentinelStandIn server = SentinelStandIn.Start(static _ => "+OK\r\n");
        await using RespConnection connection = await ConnectAsync(server.Port, null);
        await connection.SendAsync(CancellationToken.None, "SUBSCRIBE", "+odown");
        Assert.Equal("subscribe", (await connection.ReadAsync(CancellationToken.None)).Items[0].Text);

        await server.PublishAsync("+odown", "master grün 127.0.0.1 1");

        Assert.Equal(["message", "+odown", "master grün 127.0.0.1 1"], (await connection.ReadAsync(CancellationToken.None)).Items.Select(static item => item.Text!));
    }

    [Theory]
    [InlineData("localhost", true)]
    [InlineData("other.example", false)]
    public async Task Tls_verifies_the_name_before_the_password_goes_out(string name, bool isRight)
    {
        ServerCertificate certificate = ServerCertificate.New();
        using X509Certificate2 root = X509Certificate2.CreateFromPem(certificate.Certificate);
        X509ChainPolicy chain = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, CustomTrustStore = { root } };
        RespAccess access = new(
            static _ => new(new RedisCredentials(null, Password)),
            _ => new SslClientAuthenticationOptions { TargetHost = name, CertificateChainPolicy = chain },
            "tests");
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        Task<string> heard = ServeAsync(listener, certificate);

        Task<RespConnection> connecting = RespConnection.ConnectAsync("127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port, access, CancellationToken.None);

        if (isRight)
        {
            await using RespConnection connection = await connecting;
            Assert.Contains(Password, await heard, StringComparison.Ordinal);
        }
        else
        {
            Assert.True(RespFaults.IsFault(await Assert.ThrowsAsync<AuthenticationException>(() => connecting)));
            Assert.DoesNotContain(Password, await heard, StringComparison.Ordinal);
        }
    }

    /// <summary>Serves one connection by TLS: two answers.</summary>
    /// <returns>What it heard first.</returns>
    private static RespAccess OfOthers(string? user) => new(_ => new(new RedisCredentials(user, Password)), null, "tests") { MayBeUnknown = true };

    private static async Task<string> ServeAsync(TcpListener listener, ServerCertificate certificate)
    {
        using TcpClient client = await listener.AcceptTcpClientAsync();
        using SslStream stream = new(client.GetStream());
        using var pem = X509Certificate2.CreateFromPem(certificate.Certificate, certificate.Key);
        byte[] buffer = new byte[4096];
        string heard = "";
        try
        {
            await stream.AuthenticateAsServerAsync(pem);
            for (int i = 0; i < 2; i++)
            {
                heard += System.Text.Encoding.UTF8.GetString(buffer, 0, await stream.ReadAsync(buffer));
                await stream.WriteAsync("+OK\r\n"u8.ToArray());
            }
        }
        catch (Exception error) when (error is IOException or AuthenticationException)
        {
            // The client did not like what it saw.
        }

        return heard;
    }

    private static Task<RespConnection> ConnectAsync(int port, RedisCredentials? credentials) =>
        RespConnection.ConnectAsync("127.0.0.1", port, new RespAccess(_ => new(credentials), null, "tests"), CancellationToken.None);

    private static Task<RespValue> AskAsync(RespConnection connection, params string[] command) => connection.AskAsync(CancellationToken.None, command).AsTask();
}
