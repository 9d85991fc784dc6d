using Amazon.Runtime;
using Failover.DnsSwitching;
using Failover.TestServers.Aws;
using Microsoft.Extensions.Logging.Testing;

namespace Failover.Aws.Tests;

/// <summary>Tests with a zone in a Route 53 of their own.</summary>
public abstract class OnRoute53 : IAsyncLifetime
{
    protected const string ZoneId = "Z0123456789ABCDEFGHIJ";
    protected const string Www = "www.example.com";

    private readonly List<Route53Provider> _providers = [];

    protected OnRoute53()
    {
        Aws.Time = Time;
        Zone = Aws.Route53.AddZone(ZoneId, "example.com");
    }

    private protected SwiftTime Time { get; } = new();

    protected AwsStandIn Aws { get; } = AwsStandIn.Start();

    protected Route53Zone Zone { get; }

    private protected FakeLogCollector Logs { get; } = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (Route53Provider provider in _providers)
        {
            await provider.DisposeAsync();
        }

        await Aws.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected AwsOptions Options => new() { Route53Endpoint = Aws.Address.AbsoluteUri, Timeout = SwiftTime.Limit };

    private protected static AWSCredentials Credentials => new BasicAWSCredentials(AwsStandIn.Key, AwsStandIn.Secret);

    private protected Route53Provider Provider(Action<Route53Options>? configure = null, AWSCredentials? credentials = null, TimeProvider? time = null, Action<AwsOptions>? aws = null)
    {
        Route53Options options = new() { HostedZoneId = ZoneId };
        configure?.Invoke(options);
        AwsOptions how = Options;
        aws?.Invoke(how);
        Route53Provider provider = new(options, how, credentials ?? Credentials, time ?? Time, new Loggers(Logs));
        _providers.Add(provider);
        return provider;
    }

    /// <summary>The name at 192.0.2.1, last moved by us.</summary>
    protected void PutWww()
    {
        Zone.Put(Www, "A", 30, "192.0.2.1");
        Zone.Put("_failover." + Www, "TXT", 60, "\"failover-owner=shop;token=7;op=one\"");
    }

    private protected static async Task<DnsRecordState> StateAsync(Route53Provider provider, string name = Www) =>
        Assert.IsType<DnsRead.Found>(await provider.ReadAsync(name, default)).State;

    /// <summary>All that a name may be given, one kind at a time.</summary>
    private protected static DnsValues AnyOf(params string[] values) => DnsValues.Of(values.Select(DnsValue.Parse));

    /// <summary>A move to an address, by the operation «two».</summary>
    private protected static DnsChange To(DnsRecordState from, params string[] values) => new(from, DnsValues.Parse(values), TimeSpan.FromSeconds(30), new("shop", 8, "two"));
}
