using Failover.Groups;
using Microsoft.Extensions.Options;

namespace Failover.Tests.Groups;

/// <summary>What a builder refuses, and what it makes.</summary>
public sealed class FailoverGroupBuilderTests
{
    [Fact]
    public void A_builder_names_all_that_is_missing_or_wrong()
    {
        FailoverGroupBuilder builder = new FailoverGroupBuilder("orders").Configure(o => o.Detection.Fall = 0);
        string message = Assert.Throws<OptionsValidationException>(builder.Build).Message;
        Assert.Contains("probe", message, StringComparison.Ordinal);
        Assert.Contains("members", message, StringComparison.Ordinal);
        Assert.Contains("Failover:Groups:orders:Detection:Fall", message, StringComparison.Ordinal);

        builder = new FailoverGroupBuilder("orders").UseProbe(new FakeProbe()).AddMember(new Uri("http://a.test/")).AddMember("b", new("http://a.test/"));
        Assert.Contains("same address", Assert.Throws<OptionsValidationException>(builder.Build).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_builder_refuses_a_list_that_mixes_https_and_http_unless_it_is_allowed()
    {
        FailoverGroupBuilder builder = new FailoverGroupBuilder("orders").UseProbe(new FakeProbe()).AddMember(new Uri("https://a.test/")).AddMember(new Uri("http://b.test/"));

        Assert.Equal(
            ["The members of orders must not mix https and http (https://a.test/ and http://b.test/): after a failover, requests meant for https would go out in clear; AllowInsecureMember allows it."],
            Assert.Throws<OptionsValidationException>(builder.Build).Failures);
        using FailoverGroup group = builder.AllowInsecureMember().Build();
        Assert.True(group.Snapshot.AllowsInsecureMember);
    }

    [Fact]
    public async Task A_group_that_elects_by_role_may_begin_without_members()
    {
        FakeProbe probe = new();
        await using FailoverGroup group = new FailoverGroupBuilder("db").ElectByRole().UseProbe(probe).Build();
        Assert.True(group.Snapshot.Route.IsEmpty);

        FailoverMember primary = new("pg-a", new("tcp://pg-a.test:5432"));
        FailoverMember replica = new("pg-b", new("tcp://pg-b.test:5432"));
        probe.Answer(primary, ProbeResult.Success(MemberRole.Primary, new("1", 3)));
        probe.Answer(replica, ProbeResult.Success(MemberRole.Replica, new("1", 3)) with { Lag = TimeSpan.FromSeconds(1) });
        group.SetMembers([primary, replica]);

        Assert.Same(primary, await Until.Ends(group.WaitForActiveAsync(CancellationToken.None).AsTask()));
        Assert.Equal(new Epoch("1", 3), group.Snapshot.Epoch);
        Assert.Equal(["pg-b"], group.Snapshot.Readable.Select(m => m.Member.Name));
    }
}
