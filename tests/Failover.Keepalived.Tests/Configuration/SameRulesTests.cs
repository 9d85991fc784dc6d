using Failover.Keepalived.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Failover.Keepalived.Tests.Configuration;

/// <summary>What the app may be set to can be rendered, and what it may not cannot be: <see cref="KeepalivedConfigOptions.From"/>.</summary>
public sealed class SameRulesTests
{
    private static readonly string s_longest = new('n', 128);

    public static TheoryData<string, bool, Action<KeepalivedOptions>> Settings
    {
        get
        {
            TheoryData<string, bool, Action<KeepalivedOptions>> all = [];
            void Add(string key, Action<KeepalivedOptions, string> set, string[] good, string[] bad)
            {
                foreach ((string value, bool isGood) in good.Select(static one => (one, true)).Concat(bad.Select(static one => (one, false))))
                {
                    all.Add($"{key} ({value})", isGood, options => set(options, value));
                }
            }

            string[] badNames = ["", "a b", "VI#1", "VI!1", "a\n", "é", "a/b", "{", "\"", $"{s_longest}n"];
            string[] badPaths = ["", "credit", "/credit", "/run/credit", "/var/run/credit", "/etc/x/credit", "/dev/shm/credit", "/run/failover/", "/run/./a/credit", "/run/a/../credit", "/run/a b/credit", "/run//a/credit", "/run/$a/credit", "/run/é/credit"];
            Add("Address", static (o, v) => o.Address = v, ["10.77.0.100", "fd77::64", "FD77:0::64", "169.254.1.1"], ["", "10", "10.77.0.100/24", "127.0.0.1", "0.0.0.0", "224.0.0.18", "255.255.255.255", "::", "::1", "ff02::12", "fe80::1%eth0", "[fd77::1]:80"]);
            Add("Node", static (o, v) => o.Node = v, ["a", "-a", ".a", "A.b_c-1", s_longest], [.. badNames, "NODE-B"]);
            Add("Peer", static (o, v) => o.Peer = v, ["b", "-b", ".b", s_longest], [.. badNames, "NODE-A"]);
            Add("Instance", static (o, v) => o.Instance = v, ["VI_1", "1", s_longest], badNames);
            Add("Interface", static (o, v) => o.Interface = v, ["eth0", "bond0.7", "a-name-of-15-ch"], ["", "eth0:1", "a-name-of-16-cha", "eth 0"]);
            Add("CreditFile", static (o, v) => o.CreditFile = v, ["/run/failover/credit-1", "/var/lib/shop/credit", "/tmp/a+b,c:d/credit"], [.. badPaths, "/run/failover/vrrp.fifo"]);
            Add("Fifo", static (o, v) => o.Fifo = v, ["/run/failover/fifo-1"], [.. badPaths, "/run/failover/credit"]);
            Add("ProcessName", static (o, v) => o.ProcessName = v, ["shop", "a.b_c-9", "-a"], [""]);
            Add("RouterId", static (o, v) => o.RouterId = int.Parse(v, System.Globalization.CultureInfo.InvariantCulture), ["1", "255"], ["0", "256"]);
            Add("Priority", static (o, v) => o.Priority = int.Parse(v, System.Globalization.CultureInfo.InvariantCulture), ["1", "54", "43", "37"], ["0", "55", "42", "38", "40"]);
            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Settings))]
    public void The_app_and_what_is_rendered_allow_the_same(string what, bool isGood, Action<KeepalivedOptions> set)
    {
        KeepalivedOptions app = Given.App();
        set(app);
        KeepalivedConfigOptions rendered = KeepalivedConfigOptions.From(app);
        (rendered.PrefixLength, rendered.AppUser) = (24, "app");
        Exception? refused = Record.Exception(() => new KeepalivedConfig(rendered));

        Assert.True(isGood == IsAllowed(set), $"the app: {what}");
        Assert.True(isGood == refused is null, $"what is rendered: {what}: {refused?.Message}");
    }

    /// <summary>What is allowed goes on to what is not registered here.</summary>
    private static bool IsAllowed(Action<KeepalivedOptions> set)
    {
        ServiceCollection services = new();
        services.AddFailover().AddKeepalived("site", options =>
        {
            KeepalivedOptions given = Given.App();
            (options.Address, options.Node, options.Peer, options.Interface) = (given.Address, given.Node, given.Peer, given.Interface);
            set(options);
        });
        using ServiceProvider provider = services.BuildServiceProvider();
        string told = Assert.Single(Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<FailoverGroups>()["site"]).Failures);
        return told.Contains("needs the health of this node", StringComparison.Ordinal);
    }
}
