using System.Diagnostics;
using Failover.HealthChecks.Evaluation;
using Failover.HealthChecks.Redaction;

namespace Failover.HealthChecks.Tests.Redaction;

public class RedactedTests
{
    // In each text the secret is written hush or holds it, so that half a secret is found, too.
    [Theory]
    [InlineData("Host=db;Username=app;Password=hush7;Database=shop")]
    [InlineData("Host=db;Password=hush7")]
    [InlineData("Password=hush7 and more hush;Host=db")]
    [InlineData("Server=tcp:x,1433;User ID=app;Password=hush,7 hush&hush;Encrypt=True")]
    [InlineData("Server=x;Pwd = hush7 ; Uid=app")]
    [InlineData("Host=db;Password=\"hush;hush\";Database=x")]
    [InlineData("Host=db;Password=\"hush\"\"hush;hush\";Database=x")]
    [InlineData("Host=db;Password='hush;it''s hush';Database=x")]
    [InlineData("Host=db;Password='hush")]
    [InlineData("Driver={ODBC};Pwd={hush;hush};Uid=x")]
    [InlineData("Host=db;Pass Phrase=x;SSL Password=hush hush")]
    [InlineData("cannot connect with 'Host=db;Password=hu\"sh hush'")]
    [InlineData("redis:6379,password=hush7,ssl=True")]
    [InlineData("redis:6379,user=hush,password=hush,abortConnect=false")]
    [InlineData("DefaultEndpointsProtocol=https;AccountName=x;AccountKey=hush+/hush==;EndpointSuffix=core.windows.net")]
    [InlineData("Endpoint=sb://x.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey=hush=")]
    [InlineData("HostName=hub.azure-devices.net;DeviceId=d;SharedAccessKey=hush")]
    [InlineData("https://x.blob.core.windows.net/c?sv=2024-01-01&sp=r&sig=hush%2Bhush%3D&se=2030")]
    [InlineData("SharedAccessSignature sr=x&sig=hush&se=1&skn=Root")]
    [InlineData("https://api.example.com/v1?api_key=hush&x=1")]
    [InlineData("https://maps.example.com/?key=hush")]
    [InlineData("https://example.com/cb?code=hush&state=1")]
    [InlineData("GET /x?access_token=hush HTTP/1.1")]
    [InlineData("jdbc:postgresql://db/shop?user=app&password=hush")]
    [InlineData("amqp://app:hush@rabbit:5672/vhost")]
    [InlineData("amqp://app:hu@sh/hush@rabbit:5672/vhost")]
    [InlineData("postgres://app:hush/hush@db:5432/shop")]
    [InlineData("postgres://app:hush?hush#hush@db:5432/shop")]
    [InlineData("mongodb+srv://app:hush@cluster.example.com/?retryWrites=true")]
    [InlineData("mongodb://app:hush@a:27017,b:27017/db")]
    [InlineData("redis://:hush@redis:6379/0")]
    [InlineData("redis://hush@redis:6379/0")]
    [InlineData("https://hush@github.com/x/y.git")]
    [InlineData("https://app:hush@example.com/health?x=1")]
    [InlineData("two: amqp://a:hush@h1 amqp://b:hush@h2")]
    [InlineData("cannot reach app:hush@db:5432")]
    [InlineData("Authorization: Bearer hush.hush.hush")]
    [InlineData("Authorization: Basic hush==")]
    [InlineData("authorization: Digest username=\"x\", response=\"hush\"")]
    [InlineData("Authorization: AWS4-HMAC-SHA256 Credential=AKIA/x, SignedHeaders=host, Signature=hush")]
    [InlineData("Proxy-Authorization: hush hush\r\nHost: x")]
    [InlineData("Cookie: a=hush; b=hush\nHost: x")]
    [InlineData("X-Api-Key: hush")]
    [InlineData("x-vault-token: hush")]
    [InlineData("the server refused Bearer hush1")]
    [InlineData("the server refused Basic aHVzaDpodXNo")]
    [InlineData("{\"user\":\"x\",\"password\":\"hush\",\"port\":5432}")]
    [InlineData("{\"password\": \"hu\\\"sh hush\", \"port\": 5432}")]
    [InlineData("{\"db\":\"Host=db;Password=hush\"}")]
    [InlineData("\"{\\\"clientSecret\\\":\\\"hush\\\"}\"")]
    [InlineData("{'token': 'hush'}")]
    [InlineData("{\"tokens\": [\"hush\", \"hush\"], \"x\": 1}")]
    [InlineData("{\"credentials\": {\"a\": \"hush\"}}")]
    [InlineData("{\"ConnectionStrings\": {\"Db\": \"hush\"}}")]
    [InlineData("password => hush")]
    [InlineData("PASSWORD=hush")]
    [InlineData("DB_PASSWORD=hush")]
    [InlineData("dbPassword: hush")]
    [InlineData("client_secret=hush&grant_type=x")]
    [InlineData("login failed (password=hush)")]
    [InlineData("ConnectionString=hush")]
    [InlineData("-----BEGIN RSA PRIVATE KEY-----\nhush\nhush\n-----END RSA PRIVATE KEY----- after")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nhush hush")]
    public void A_secret_is_hidden(string words) => Assert.DoesNotContain("hush", Redacted.Of(words), StringComparison.OrdinalIgnoreCase);

    [Theory]
    [InlineData("the token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.dBjftJeZ4CVP expired", "eyJ")]
    [InlineData("refused AKIAIOSFODNN7EXAMPLE", "IOSFODNN")]
    [InlineData("refused ghp_16C7e42F292c6912E7710c838347Ae178B4a", "16C7e42F")]
    [InlineData("refused github_pat_11ABCDEFG0123456789_abcdefghij", "11ABCDEFG")]
    [InlineData("refused glpat-abcdefghij1234567890", "abcdefghij")]
    [InlineData("refused xoxb-123456789012-abcdefghijkl", "123456789012")]
    [InlineData("refused sk_live_abcdefghijklmnop1234", "abcdefghijkl")]
    [InlineData("refused AIzaSyA1234567890abcdefghijklmnopq", "SyA1234567890")]
    [InlineData("refused hvs.CAESIJ1234567890abcdef", "CAESIJ")]
    [InlineData("refused Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==", "Eby8vdM0")]
    public void A_secret_is_known_by_its_form(string words, string secret)
    {
        string told = Redacted.Of(words);

        Assert.DoesNotContain(secret, told, StringComparison.Ordinal);
        Assert.Contains("***", told, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Connection refused (10.0.0.7:5432)")]
    [InlineData("Failed to connect to [::1]:5432")]
    [InlineData("No connection could be made to http://orders-a.example.com:8080/health?x=1.")]
    [InlineData("GET http://host:8080/users/@me answered 404")]
    [InlineData("GET https://host/a?mail=a@b.example answered 404")]
    [InlineData("28P01: password authentication failed for user \"app\"")]
    [InlineData("FATAL: the database system is starting up")]
    [InlineData("WRONGPASS invalid username-password pair or user is disabled.")]
    [InlineData("NOAUTH Authentication required.")]
    [InlineData("The token was cancelled")]
    [InlineData("Bearer token was refused")]
    [InlineData("Basic authentication is not offered")]
    [InlineData("Negotiate failed")]
    [InlineData("duplicate key value violates unique constraint \"pk_orders\"")]
    [InlineData("Key (id)=(5) already exists.")]
    [InlineData("free 12.5 GiB of 100 GiB on /var/lib; 3 % of inodes")]
    [InlineData("C:\\data is read-only")]
    [InlineData("certificate 4F3A0C9B21D5E6F708192A3B4C5D6E7F80910A1B expires in 3.04:05:06")]
    [InlineData("commit 9fceb02d0ae598e95dc970b74767f19372d61af8, run 7f1c2c1e-5f4e-4d3a-9b1e-2d6f0a9c8b7a")]
    [InlineData("mail to ops@example.com was sent")]
    [InlineData("git@github.com:org/repo.git is away")]
    [InlineData("Host=db;Port=5432;Database=shop;Timeout=15")]
    [InlineData("keyspace=orders, passed=3, failed=1, compass: north, monkey=5")]
    [InlineData("Grüße aus Zürich 🚀 – «in Ordnung»")]
    public void What_is_harmless_stays_as_it_is(string words) => Assert.Equal(words, Redacted.Of(words));

    [Theory]
    [InlineData("cannot connect with Host=db;Username=app;Password=hush;Database=shop", "cannot connect with Host=db;Username=***;Password=***;Database=shop")]
    [InlineData("amqp://app:hush@rabbit:5672/vhost refused", "amqp://***@rabbit:5672/vhost refused")]
    [InlineData("login failed (password=hush) after 3 tries", "login failed (password=***) after 3 tries")]
    [InlineData("https://x/c?sv=1&sig=hush&se=2030 answered 403", "https://x/c?sv=1&sig=***&se=2030 answered 403")]
    [InlineData("{\"password\":\"hush\",\"port\":5432}", "{\"password\":***,\"port\":5432}")]
    [InlineData("redis:6379,password=hush,ssl=True is away", "redis:6379,password=***,ssl=True is away")]
    [InlineData("Bearer abc.def is no longer good", "Bearer *** is no longer good")]
    public void What_stands_around_a_secret_stays(string words, string expected) => Assert.Equal(expected, Redacted.Of(words));

    [Theory]
    [InlineData(null, "")]
    [InlineData("", "")]
    [InlineData(" \r\n\t ", "")]
    [InlineData("one\r\ntwo\tthree\u2028four\u202Efive\0six", "one two three four five six")]
    [InlineData("  much   room  ", "much room")]
    public void It_is_one_line(string? words, string expected) => Assert.Equal(expected, Redacted.Of(words));

    [Fact]
    public void It_is_short_and_cuts_no_character_in_two()
    {
        string told = Redacted.Of(string.Concat(Enumerable.Repeat("a🚀", 10_000).Append(" end")));
        Assert.Equal("***", told);

        told = Redacted.Of(string.Concat(Enumerable.Repeat("🚀🚀 🚀", 200)));
        Assert.InRange(told.Length, 499, 501);
        Assert.EndsWith("…", told, StringComparison.Ordinal);
        Assert.DoesNotContain('\uFFFD', new string(System.Text.Encoding.UTF8.GetChars(System.Text.Encoding.UTF8.GetBytes(told))));
    }

    [Fact]
    public void A_secret_across_the_cut_is_hidden()
    {
        for (int at = 7_950; at < 8_010; at++)
        {
            string words = new string('x', at - 5) + " then amqp://app:hush@host and Password=\"a hush\"";
            Assert.DoesNotContain("hush", Redacted.Of("Password=\"" + words + "\" " + words), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_causes_of_an_exception_are_told_without_their_secrets()
    {
        Exception exception = new InvalidOperationException(
            "cannot open the shop",
            new AggregateException(new IOException("no way to amqp://app:hush@rabbit", new TimeoutException("Host=db;Password=hush"))));

        string told = Redacted.Of(CheckError.Messages(exception));

        Assert.DoesNotContain("hush", told, StringComparison.Ordinal);
        Assert.StartsWith("cannot open the shop: ", told, StringComparison.Ordinal);
        Assert.Contains("no way to amqp://***@rabbit", told, StringComparison.Ordinal);
    }

    // Each repeats what could make a search go back and forth. Quadratic time would take minutes for a hundred of them.
    [Fact]
    public void Hostile_words_take_no_longer_than_others()
    {
        string[] hostile =
        [
            "password", "password ", "password=", "password=\"", "password='", "password={", "password=\\\"", "token token-", "a.b ", "a ", "://", "a://b:", "a://b:c@", "x:y", "x:", "@", "eyJ", "eyJaaaaa.", "-----BEGIN PRIVATE KEY-----",
            "-----BEGIN ", "Bearer ", "Basic Basic ", "&sig=", "?key=", ";;;;", "A", "AKIA", "sk-", "=", "\"", "\\", "\u202E", "\uD83D", "key ", "authorization:", "user id user id", "account key ",
        ];
        Redacted.Of("warm");
        long before = Stopwatch.GetTimestamp();

        foreach (string one in hostile)
        {
            string words = string.Concat(Enumerable.Repeat(one, 1_000_000 / one.Length));
            Assert.NotNull(Redacted.Of(words));
            Assert.NotNull(Redacted.Of("x " + words[..7_990]));
        }

        Assert.True(Stopwatch.GetElapsedTime(before) < TimeSpan.FromSeconds(30), "It took longer than a hostile text may.");
    }

    [Fact]
    public void Random_words_are_never_too_much_for_it()
    {
        int seed = Random.Shared.Next();
        Random random = new(seed);
        string[] parts = ["password", "=", ":", ";", "\"", "'", "\\", "{", "}", "://", "@", "/", "?", "&", " ", "\n", "x", "7", "eyJ", ".", "Bearer", "sig", "key", "\uD83D", "\uDE80", "\0", "authorization", "user id"];
        for (int i = 0; i < 20_000; i++)
        {
            string words = string.Concat(Enumerable.Range(0, random.Next(40)).Select(_ => parts[random.Next(parts.Length)]));
            try
            {
                Assert.True(Redacted.Of(words).Length <= 501);
            }
            catch (Exception exception) when (exception is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"seed {seed}: {exception.GetType().Name} at {words}");
            }
        }
    }
}
