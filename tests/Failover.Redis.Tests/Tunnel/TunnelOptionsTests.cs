using Failover.Redis.Tunnel;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;

namespace Failover.Redis.Tests.Tunnel;

/// <summary>What a multiplexer is set up with.</summary>
public class TunnelOptionsTests
{
    [Theory]
    [InlineData("sentinel-a,serviceName=mymaster", 5_000, 10_000, 10_000)]
    [InlineData("sentinel-a,serviceName=mymaster,syncTimeout=8000,asyncTimeout=3000", 8_000, 13_000, 8_000)]
    [InlineData("sentinel-a,serviceName=mymaster,connectTimeout=2000", 2_000, 10_000, 10_000)]
    public void Commands_get_the_time_of_a_failover_and_a_connection_the_time_that_it_had(string text, int connect, int synchronous, int asynchronous)
    {
        ConfigurationOptions options = ConfigurationOptions.Parse(text);
        using MasterTunnel tunnel = new(new TunnelSettings(TunnelApp.Open, TimeSpan.FromSeconds(5)), TimeProvider.System, NullLogger.Instance);

        MasterTunnel.Configure(options, tunnel);

        Assert.Equal((connect, synchronous, asynchronous), (options.ConnectTimeout, options.SyncTimeout, options.AsyncTimeout));
    }
}
