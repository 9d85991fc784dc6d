using Failover.Groups;
using Microsoft.Extensions.Options;

namespace Failover.Tests.Groups;

/// <summary>Lists of members that a running group is given.</summary>
public sealed class MemberListTests
{
    [Fact]
    public async Task Members_keep_their_meter_while_they_stay()
    {
        await using Watched group = await Watched.SettledAsync();
        MemberMeter meter = group[group.A].Meter;
        FailoverMember c = new("c", new("http://c.test/"));

        group.Group.AddMember(c);
        Assert.Equal(["a", "b", "c"], group.Now.Members.Select(m => m.Member.Name));
        Assert.Same(meter, group[group.A].Meter);

        group.Group.RemoveMember(group.A);
        Assert.Equal(["b", "c"], group.Now.Members.Select(m => m.Member.Name));
        Assert.Same(group.B, group.Now.Active);
        meter.Failed(meter.Start());

        group.Group.SetMembers([group.A, group.B]);
        Assert.Equal(["a", "b"], group.Now.Members.Select(m => m.Member.Name));
        Assert.NotSame(meter, group[group.A].Meter);
    }

    [Fact]
    public async Task Lists_of_members_that_make_no_sense_are_refused_or_ignored()
    {
        await using Watched group = await Watched.SettledAsync();
        FailoverMember impostor = new("A", new("http://elsewhere.test/"));

        Assert.Contains("same name", Assert.Throws<ArgumentException>(() => group.Group.SetMembers([group.A, impostor])).Message, StringComparison.Ordinal);
        Assert.Contains("same address", Assert.Throws<ArgumentException>(() => group.Group.SetMembers([group.A, new("z", group.A.Address)])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => group.Group.AddMember(impostor));
        group.Group.SetMembers([]);
        group.Group.AddMember(group.A);
        group.Group.RemoveMember(impostor);
        Assert.Equal(["a", "b"], group.Now.Members.Select(m => m.Member.Name));

        group.Group.RemoveMember(group.A);
        Assert.Throws<InvalidOperationException>(() => group.Group.RemoveMember(group.B));
    }

    [Fact]
    public async Task A_running_group_refuses_a_list_that_mixes_https_and_http_unless_it_is_allowed()
    {
        await using Watched group = await Watched.SettledAsync();
        FailoverMember secure = new("s", new("https://s.test/"));

        Assert.Contains("must not mix", Assert.Throws<ArgumentException>(() => group.Group.AddMember(secure)).Message, StringComparison.Ordinal);
        Assert.Contains("must not mix", Assert.Throws<ArgumentException>(() => group.Group.SetMembers([group.A, secure])).Message, StringComparison.Ordinal);
        Assert.Equal(["a", "b"], group.Now.Members.Select(m => m.Member.Name));

        group.Group.SetMembers([group.A, secure], allowInsecureMember: true);
        group.Group.AddMember(group.B);
        Assert.Equal(["a", "s", "b"], group.Now.Members.Select(m => m.Member.Name));
        Assert.True(group.Now.AllowsInsecureMember);

        Assert.Throws<ArgumentException>(() => group.Group.SetMembers([group.A, secure], allowInsecureMember: false));
        Assert.True(group.Now.AllowsInsecureMember);
        group.Group.SetMembers([secure], allowInsecureMember: false);
        Assert.False(group.Now.AllowsInsecureMember);
        Assert.Throws<ArgumentException>(() => group.Group.AddMember(group.A));
    }

    [Fact]
    public async Task The_mix_may_be_allowed_and_forbidden_while_the_members_stay()
    {
        await using Watched group = await Watched.SettledAsync();

        group.Group.SetMembers([group.A, group.B], allowInsecureMember: true);
        Assert.True(group.Now.AllowsInsecureMember);
        group.Group.SetMembers([group.A, group.B], allowInsecureMember: false);
        Assert.False(group.Now.AllowsInsecureMember);
        Assert.Same(group.A, group.Now.Active);
    }

    [Fact]
    public async Task A_member_that_the_level_cannot_serve_is_refused_wherever_it_comes_from()
    {
        static string? WhyNot(FailoverMember member) => member.Address.Scheme == "http" ? null : "must be http";
        FailoverMember stranger = new("t", new("tcp://t.test:1"));
        FailoverGroupBuilder builder = new FailoverGroupBuilder("orders").UseProbe(new FakeProbe()).AddMember(stranger).CheckMembers(WhyNot);
        Assert.Equal(["The member tcp://t.test:1 of orders must be http."], Assert.Throws<OptionsValidationException>(builder.Build).Failures);

        await using Watched group = await Watched.SettledAsync(made => made.CheckMembers(WhyNot));
        Assert.StartsWith("The member tcp://t.test:1 of orders must be http.", Assert.Throws<ArgumentException>(() => group.Group.AddMember(stranger)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => group.Group.SetMembers([stranger]));
        Assert.Equal(["a", "b"], group.Now.Members.Select(m => m.Member.Name));
    }
}
