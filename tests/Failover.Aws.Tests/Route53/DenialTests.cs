using Amazon.Runtime;
using Failover.DnsSwitching;
using Failover.TestServers.Aws;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Failover.Aws.Tests.Route53;

public sealed class DenialTests : OnRoute53
{
    private const string ReadOnly = """{ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Action": ["route53:ListResourceRecordSets", "route53:GetChange"], "Resource": "*" }] }""";
    private const string Blind = """{ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Action": ["route53:ListResourceRecordSets", "route53:ChangeResourceRecordSets"], "Resource": "*" }] }""";

    [Fact]
    public async Task A_probe_proves_the_right_to_move_the_name_and_changes_nothing()
    {
        PutWww();
        Route53Provider provider = Provider();

        Assert.Null(await provider.ProbeAsync(Www, DnsValues.Parse("192.0.2.2"), default));
        Assert.Null(await provider.ProbeAsync("new.example.com", DnsValues.Parse("192.0.2.2"), default));

        Assert.Equal(0, Aws.Route53.Changes);
        Assert.Equal(["192.0.2.1"], Zone.Values(Www, "A"));
        Assert.Equal(2, Aws.Asked.Count(static action => action == "route53:ChangeResourceRecordSets"));
        Assert.Single(Logs.GetSnapshot(), static record => record.Id.Id == 13000 && record.Level == LogLevel.Warning);
    }

    [Theory]
    [InlineData("A", "192.0.2.1")]
    [InlineData("CNAME", "a.example.com.")]
    public async Task A_probe_for_values_of_several_kinds_is_good_whatever_kind_stands_there(string type, string value)
    {
        Zone.Put(Www, type, 30, value);
        Zone.Put("_failover." + Www, "TXT", 60, "\"failover-owner=shop;token=7;op=one\"");

        Assert.Null(await Provider().ProbeAsync(Www, AnyOf("192.0.2.2", "2001:db8::2", "b.example.com"), default));

        Assert.Equal(3, Aws.Asked.Count(static action => action == "route53:ChangeResourceRecordSets"));
        Assert.Equal((0, value), (Aws.Route53.Changes, Assert.Single(Zone.Values(Www, type))));
    }

    [Theory]
    [InlineData("example.com", "is not permitted at apex in zone example.com")]
    [InlineData(Www, "is not permitted as it conflicts with other records with the same DNS name in zone example.com")]
    public async Task A_probe_finds_a_name_that_cannot_be_an_alias(string name, string reason)
    {
        Zone.Put(name, "TXT", 30, "\"of someone else\"");

        Assert.Contains(reason, Assert.IsType<DnsOutcome.Denied>(await Provider().ProbeAsync(name, AnyOf("192.0.2.2", "b.example.net"), default)).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ReadOnly)]
    [InlineData(Blind)]
    public async Task A_probe_finds_a_right_that_lacks(string policy)
    {
        Aws.Identities[AwsStandIn.Key] = new AwsIdentity(AwsStandIn.Secret, policy: policy);

        Assert.Contains("AccessDenied (403): User: arn:aws:iam::123456789012:user/failover is not authorized to perform: route53:", Assert.IsType<DnsOutcome.Denied>(await Provider().ProbeAsync(Www, DnsValues.Parse("192.0.2.2"), default)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_probe_finds_a_name_that_is_not_of_the_zone_or_no_name_at_all()
    {
        Assert.Contains("is not permitted in zone example.com", Assert.IsType<DnsOutcome.Denied>(await Provider().ProbeAsync("www.example.org", DnsValues.Parse("192.0.2.2"), default)).Reason, StringComparison.Ordinal);
        Assert.Contains("'192.0.2.1' is no name of DNS", Assert.IsType<DnsOutcome.Denied>(await Provider().ProbeAsync("192.0.2.1", DnsValues.Parse("192.0.2.2"), default)).Reason, StringComparison.Ordinal);
        Assert.IsType<DnsRead.Denied>(await Provider().ReadAsync("no name", default));
    }

    [Fact]
    public async Task A_move_without_the_right_to_it_is_denied()
    {
        PutWww();
        Aws.Identities[AwsStandIn.Key] = new AwsIdentity(AwsStandIn.Secret, policy: ReadOnly);
        Route53Provider provider = Provider();

        Assert.IsType<DnsOutcome.Denied>(await provider.ApplyAsync(To(await StateAsync(provider), "192.0.2.2"), default));
        Assert.Equal(0, Aws.Route53.Changes);
    }

    [Theory]
    [InlineData(-3600, "the clock of this machine is 3600 s behind that of AWS, which takes 300 s")]
    [InlineData(3600, "the clock of this machine is 3600 s ahead of that of AWS, which takes 300 s")]
    public async Task A_clock_that_is_off_is_told_with_how_much(int seconds, string reason)
    {
        // Two clocks that stand still: on a slow machine they are no further apart.
        FakeTimeProvider theirs = new(), ours = new(theirs.GetUtcNow().AddSeconds(seconds));
        Aws.Time = theirs;

        Assert.EndsWith(reason, Assert.IsType<DnsRead.Denied>(await Provider(time: ours).ReadAsync(Www, default)).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(AwsStandIn.Key, "wrong", null, "SignatureDoesNotMatch (403): the secret does not belong to the key, or something on the way changes requests")]
    [InlineData("AKIAUNKNOWN", AwsStandIn.Secret, null, "InvalidClientTokenId (403): AWS does not know the key")]
    [InlineData("ASIASESSION", "session-secret", "stale-token", "InvalidClientTokenId (403): AWS does not know the key")]
    public async Task Wrong_credentials_are_told_in_words_without_a_secret(string key, string secret, string? token, string reason)
    {
        Aws.Identities["ASIASESSION"] = new AwsIdentity("session-secret", "a-session-token");
        AWSCredentials credentials = token is null ? new BasicAWSCredentials(key, secret) : new SessionAWSCredentials(key, secret, token);

        string denied = Assert.IsType<DnsRead.Denied>(await Provider(credentials: credentials).ReadAsync(Www, default)).Reason;

        Assert.EndsWith(reason, denied, StringComparison.Ordinal);
        Assert.Null(await Provider(credentials: new SessionAWSCredentials("ASIASESSION", "session-secret", "a-session-token")).ProbeAsync(Www, DnsValues.Parse("192.0.2.2"), default));
    }

    [Fact]
    public async Task Nobody_at_the_endpoint_is_a_failure_that_sent_nothing()
    {
        Route53Provider provider = Provider();
        DnsRecordState state = await StateAsync(provider);
        await Aws.DisposeAsync();

        string failed = Assert.IsType<DnsOutcome.Failed>(await provider.ApplyAsync(To(state, "192.0.2.2"), default)).Reason;

        Assert.Contains("it could not be reached (ConnectionRefused)", failed, StringComparison.Ordinal);
        Assert.IsType<DnsOutcome.Failed>(await provider.ProbeAsync(Www, DnsValues.Parse("192.0.2.2"), default));
    }

    [Theory]
    [InlineData(AwsFaultKind.Throttle)]
    [InlineData(AwsFaultKind.PriorRequest)]
    public async Task A_move_that_AWS_has_no_time_for_is_tried_again_and_given_up_in_the_end(AwsFaultKind fault)
    {
        PutWww();
        Route53Provider provider = Provider(static o => o.Patience = TimeSpan.FromMinutes(1));
        DnsChange change = To(await StateAsync(provider), "192.0.2.2");
        Aws.Interfere = (action, _) => action == "route53:ChangeResourceRecordSets" ? fault : null;

        Assert.IsType<DnsOutcome.Throttled>(await provider.ApplyAsync(change, default));
        int tries = Aws.Asked.Count(static action => action == "route53:ChangeResourceRecordSets");

        // Pauses of 0.2, 0.4, 0.8, 1.6 and then 2 s each: with half of each taken away, a minute holds 62 tries.
        Assert.InRange(tries, 4, 62);

        Aws.Interfere = (action, before) => action == "route53:ChangeResourceRecordSets" && before < tries + 2 ? fault : null;
        Assert.IsType<DnsOutcome.Applied>(await provider.ApplyAsync(change, default));
    }

    [Fact]
    public async Task A_wait_that_is_ended_in_a_pause_after_a_refusal_leaves_nothing_unknown()
    {
        PutWww();
        Route53Provider provider = Provider();
        DnsChange change = To(await StateAsync(provider), "192.0.2.2");
        Aws.Interfere = static (action, _) => action == "route53:ChangeResourceRecordSets" ? AwsFaultKind.Throttle : null;
        using CancellationTokenSource ended = new();
        Time.TimerMade = wait =>
        {
            if (wait < TimeSpan.FromSeconds(1))
            {
                ended.Cancel();
            }
        };

        Assert.IsType<DnsOutcome.Throttled>(await provider.ApplyAsync(change, ended.Token));
    }

    [Fact]
    public async Task Five_that_move_names_at_once_get_through_the_limit_of_an_account()
    {
        Aws.RequestsPerSecond = 5;
        Route53Provider provider = Provider(static o => o.Patience = TimeSpan.FromMinutes(5));

        DnsOutcome[] outcomes = await Task.WhenAll(Enumerable.Range(0, 5).Select(async i =>
            await provider.ApplyAsync(To(await StateAsync(provider, $"{i}.example.com"), "192.0.2.2"), default)));

        Assert.All(outcomes, static outcome => Assert.IsType<DnsOutcome.Applied>(outcome));
    }
}
