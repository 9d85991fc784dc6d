using Microsoft.Extensions.DependencyInjection;

namespace Failover.Tests.Registration;

/// <summary>A kind as a level's package would bring it.</summary>
internal sealed class TestKindOptions
{
    public List<string> Members { get; } = [];

    public int Port { get; set; } = 80;

    public string? Password { get; set; }

    internal IEnumerable<FailoverMember> ToMembers() => Members.Select(host => new FailoverMember(host, new UriBuilder("tcp", host, Port).Uri));
}

internal static class TestKind
{
    private static readonly OptionsKeys<TestKindOptions> Keys = new OptionsKeys<TestKindOptions>()
        .Section("Members", ["*"], static (section, options, check) =>
        {
            options.Members.Clear();
            options.Members.AddRange(section.GetChildren().Select(child => child.Value ?? ""));
        })
        .Number("Port", o => o.Port, (o, v) => o.Port = v, 1, 65_535)
        .Text("Password", o => o.Password, (o, v) => o.Password = v)
        .Rule(static (options, check) =>
        {
            if (options.Members.Count == 0)
            {
                check.Refuse("Members", "is missing: name at least one host");
            }

            if (options.Password is { Length: < 8 })
            {
                check.Refuse("Password", options.Password, "must have at least 8 letters");
            }
        });

    internal static IFailoverBuilder AddTest(this IFailoverBuilder builder) => builder.AddKind(
        "Test",
        Keys,
        static (services, group, options) =>
        {
            group.UseProbe(new HealthyProbe());
            foreach (FailoverMember member in options.ToMembers())
            {
                group.AddMember(member);
            }
        },
        static (_, group, options) => group.SetMembers(options.ToMembers()),
        static defaults => (defaults.StartTimeout, defaults.MaxSwitchTime) = (TimeSpan.FromSeconds(31), TimeSpan.FromSeconds(61)));

    internal static IFailoverBuilder AddTestGroup(this IFailoverBuilder builder, string name, params string[] members)
    {
        builder.AddTest();
        builder.Services.Configure<TestKindOptions>(name, options => options.Members.AddRange(members));
        return builder.AddGroup(name, "Test");
    }

    /// <summary>A group that is made wholly in code.</summary>
    internal static IFailoverBuilder AddCustomGroup(this IFailoverBuilder builder, string name) => builder.AddGroup(
        name,
        static (services, group) => group.UseProbe(new HealthyProbe()).AddMember("a", new Uri("tcp://a:1")).AddMember("b", new Uri("tcp://b:1")));

    private sealed class HealthyProbe : IMemberProbe
    {
        public ValueTask<ProbeResult> ProbeAsync(FailoverMember member, CancellationToken cancellationToken) => new(ProbeResult.Success());
    }
}
