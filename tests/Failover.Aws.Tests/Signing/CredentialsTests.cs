using Amazon.Runtime;
using Failover.Aws.Api;
using Failover.Aws.Signing;
using Failover.DnsSwitching;
using Failover.TestServers.Aws;

namespace Failover.Aws.Tests.Signing;

public sealed class CredentialsTests : OnRoute53
{
    private const string Secret = "hush-secret-0123456789";
    private const string Token = "hush-token-0123456789";

    [Fact]
    public async Task Credentials_that_change_are_used_from_the_next_request_on()
    {
        Rolling credentials = new("AKIAONE", "one");
        Aws.Identities["AKIAONE"] = new AwsIdentity("one");
        Aws.Identities["AKIATWO"] = new AwsIdentity("two", "token-of-two");
        Route53Provider provider = Provider(credentials: credentials);
        await StateAsync(provider);

        Aws.Identities.TryRemove("AKIAONE", out _);
        Assert.IsType<DnsRead.Denied>(await provider.ReadAsync(Www, default));
        credentials.Now = new("AKIATWO", "two", "token-of-two");

        await StateAsync(provider);
    }

    [Fact]
    public async Task Credentials_are_asked_for_once_for_each_request()
    {
        Rolling credentials = new(AwsStandIn.Key, AwsStandIn.Secret);
        Route53Provider provider = Provider(credentials: credentials);

        Assert.IsType<DnsOutcome.Applied>(await provider.ApplyAsync(To(await StateAsync(provider), "192.0.2.2"), default));

        Assert.Equal(Aws.Asked.Count, credentials.Asked);
    }

    [Fact]
    public async Task Credentials_that_cannot_be_had_are_told_without_what_the_SDK_says()
    {
        Route53Provider provider = Provider(credentials: new Rolling("x", "y") { Fault = new InvalidOperationException(Secret) });

        string denied = Assert.IsType<DnsRead.Denied>(await provider.ReadAsync(Www, default)).Reason;

        Assert.Contains("no AWS credentials: neither the environment (AWS_ACCESS_KEY_ID), nor a profile", denied, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, denied, StringComparison.Ordinal);
        Assert.Empty(Aws.Asked);
    }

    [Fact]
    public async Task Credentials_that_never_come_are_waited_for_no_longer_than_a_request()
    {
        SdkKeySource keys = new(new Rolling("x", "y") { Hangs = true }, TimeSpan.FromSeconds(1), Time);

        Assert.Contains("no AWS credentials within 1 s", Assert.IsType<DnsRead.Denied>(await Provider(credentials: new Rolling("x", "y") { Hangs = true }, aws: static o => o.Timeout = TimeSpan.FromSeconds(1)).ReadAsync(Www, default)).Reason, StringComparison.Ordinal);
        Assert.Equal("no AWS credentials within 1 s", (await Assert.ThrowsAsync<AwsException>(async () => await keys.GetAsync(default))).Message);
    }

    [Fact]
    public async Task No_secret_stands_in_a_log_an_outcome_or_an_exception()
    {
        PutWww();
        Aws.Identities["AKIASECRET"] = new AwsIdentity(Secret, Token);
        Route53Provider provider = Provider(credentials: new SessionAWSCredentials("AKIASECRET", Secret, Token));
        List<string> told = [provider.Where, provider.ToString() ?? ""];
        async Task TellAsync(Route53Provider one)
        {
            told.Add((await one.ReadAsync(Www, default)).ToString());
            told.Add((await one.ProbeAsync(Www, DnsValues.Parse("192.0.2.2"), default))?.ToString() ?? "");
            told.Add((await one.ApplyAsync(To(new(Www, DnsValues.None, null, null, "<Sets/>"), "192.0.2.2"), default)).ToString());
        }

        await TellAsync(provider);
        foreach (AwsFaultKind fault in Enum.GetValues<AwsFaultKind>().Where(static kind => kind != AwsFaultKind.Hang))
        {
            Aws.Interfere = (_, before) => before % 2 == 0 ? fault : null;
            await TellAsync(provider);
        }

        Aws.Interfere = static (_, _) => null;
        Aws.Identities["AKIASECRET"] = new AwsIdentity("another", Token);
        await TellAsync(provider);
        AwsKeys keys = await new SdkKeySource(new SessionAWSCredentials("AKIASECRET", Secret, Token), TimeSpan.FromSeconds(30), TimeProvider.System).GetAsync(default);
        told.Add(keys.ToString());
        told.AddRange(Logs.GetSnapshot().Select(static record => $"{record.Message} {record.Exception}"));

        Assert.Contains(told, static one => one.Contains("SignatureDoesNotMatch", StringComparison.Ordinal));
        Assert.All(told, static one => Assert.DoesNotContain("hush", one, StringComparison.Ordinal));
    }

    /// <summary>Credentials that change, fail or hang, as those of a profile or of an instance may.</summary>
    private sealed class Rolling(string key, string secret) : AWSCredentials
    {
        internal ImmutableCredentials Now { get; set; } = new(key, secret, null);

        internal Exception? Fault { get; init; }

        internal int Asked { get; private set; }

        internal bool Hangs { get; init; }

        public override ImmutableCredentials GetCredentials()
        {
            Asked++;
            return Fault is null ? Now : throw Fault;
        }

        public override Task<ImmutableCredentials> GetCredentialsAsync() => Hangs ? new TaskCompletionSource<ImmutableCredentials>().Task : Task.Run(GetCredentials);
    }
}
