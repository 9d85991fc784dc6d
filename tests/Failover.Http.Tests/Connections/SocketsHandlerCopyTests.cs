using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Security;
using System.Reflection;
using System.Text;
using Failover.Http.Connections;
using Microsoft.Extensions.DependencyInjection;

namespace Failover.Http.Tests.Connections;

public class SocketsHandlerCopyTests
{
    // Fails, too, when a version of .NET has a property that nobody has thought of here.
    [Fact]
    public void A_copy_has_every_setting_of_the_handler_it_was_made_of()
    {
        using ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        using var plain = new SocketsHttpHandler();
        using var given = new SocketsHttpHandler
        {
            ActivityHeadersPropagator = DistributedContextPropagator.CreateNoOutputPropagator(),
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.Brotli,
            ConnectCallback = (_, _) => throw new NotSupportedException(),
            ConnectTimeout = TimeSpan.FromSeconds(11),
            CookieContainer = new CookieContainer(),
            Credentials = new CredentialCache(),
            DefaultProxyCredentials = new CredentialCache(),
            EnableMultipleHttp2Connections = true,
            EnableMultipleHttp3Connections = true,
            Expect100ContinueTimeout = TimeSpan.FromSeconds(12),
            InitialHttp2StreamWindowSize = 100_000,
            KeepAlivePingDelay = TimeSpan.FromSeconds(13),
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            KeepAlivePingTimeout = TimeSpan.FromSeconds(14),
            MaxAutomaticRedirections = 15,
            MaxConnectionsPerServer = 16,
            MaxResponseDrainSize = 17,
            MaxResponseHeadersLength = 18,
            MeterFactory = services.GetRequiredService<IMeterFactory>(),
            PlaintextStreamFilter = (_, _) => throw new NotSupportedException(),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(19),
            PooledConnectionLifetime = TimeSpan.FromSeconds(20),
            PreAuthenticate = true,
            Properties = { ["a"] = "b" },
            Proxy = new WebProxy("http://proxy"),
            RequestHeaderEncodingSelector = (_, _) => Encoding.Latin1,
            ResponseDrainTimeout = TimeSpan.FromSeconds(21),
            ResponseHeaderEncodingSelector = (_, _) => Encoding.Latin1,
            SslOptions = new SslClientAuthenticationOptions { TargetHost = "host" },
            UseCookies = false,
            UseProxy = false,
        };

        using SocketsHttpHandler copy = SocketsHandlerCopy.Of(given);

        PropertyInfo[] properties = [.. typeof(SocketsHttpHandler).GetProperties(BindingFlags.Public | BindingFlags.Instance)];
        Assert.Equal(given.Properties, copy.Properties);
        Assert.All(properties.Where(property => property.CanWrite), property =>
        {
            Assert.NotEqual(property.GetValue(plain), property.GetValue(given));
            Assert.Equal(property.GetValue(given), property.GetValue(copy));
        });
        Assert.Equal([nameof(given.Properties)], properties.Where(property => !property.CanWrite).Select(property => property.Name));
    }

    // Also of one that is in use, so that its settings cannot change any more.
    [Fact]
    public async Task A_copy_has_connections_of_its_own()
    {
        using var server = new RawServer(async connection =>
        {
            while (await connection.ReadRequestAsync() is not null)
            {
                await connection.SendAsync(RawServer.Ok);
            }
        });
        using var handler = new SocketsHttpHandler();
        using var first = new HttpClient(handler, disposeHandler: false);
        Assert.Equal("ok", await first.GetStringAsync(server.Address));

        using (var second = new HttpClient(SocketsHandlerCopy.Of(handler)))
        {
            Assert.Equal("ok", await second.GetStringAsync(server.Address));
        }

        Assert.Equal("ok", await first.GetStringAsync(server.Address));
    }
}
