using Failover.Keepalived.Configuration;
using Microsoft.Extensions.Options;
using Xunit;

namespace Failover.Keepalived.Tests.Configuration;

public sealed class KeepalivedConfigRulesTests
{
    public static TheoryData<string, Action<KeepalivedConfigOptions>> Bad => new()
    {
        { "Address (10.77.0.100/24) must be the virtual IP address", o => o.Address = "10.77.0.100/24" },
        { "Address (1) must be the virtual IP address", o => o.Address = "1" },
        { "Address (fe80::1%eth0) must be the virtual IP address", o => o.Address = "fe80::1%eth0" },
        { "Address ([fd00::1]:80) must be the virtual IP address", o => o.Address = "[fd00::1]:80" },
        { "Address (127.0.0.1) must be the virtual IP address, which an interface of either node can have", o => o.Address = "127.0.0.1" },
        { "Address (0.0.0.0) must be the virtual IP address, which an interface of either node can have", o => o.Address = "0.0.0.0" },
        { "Address (224.0.0.18) must be the virtual IP address, which an interface of either node can have", o => o.Address = "224.0.0.18" },
        { "PrefixLength (33) must be from 1 to 32.", o => o.PrefixLength = 33 },
        { "PrefixLength (129) must be from 1 to 128.", o => (o.Address, o.PrefixLength) = ("fd00::1", 129) },
        { "NodeA:Name (a b) must be a name of up to 128", o => o.NodeA.Name = "a b" },
        { "NodeB:Name (NODE-A) must be another than that of NodeA.", o => o.NodeB.Name = "NODE-A" },
        { "NodeA:Priority (55) must be from 1 to 54.", o => o.NodeA.Priority = 55 },
        { "NodeB:Priority (0) must be from 1 to 54.", o => o.NodeB.Priority = 0 },
        { "NodeB:Priority (50) must be at least 3 above or below that of NodeA (50)", o => o.NodeB.Priority = 50 },
        { "NodeB:Priority (48) must be at least 3 above or below that of NodeA (50)", o => o.NodeB.Priority = 48 },
        { "NodeB:Priority (52) must be at least 3 above or below that of NodeA (50)", o => o.NodeB.Priority = 52 },
        { "NodeA:Interface (eth0:1) must be the name of a network interface", o => o.NodeA.Interface = "eth0:1" },
        { "Interface (a-name-that-is-too-long) must be the name of a network interface", o => o.Interface = "a-name-that-is-too-long" },
        { "RouterId (256) must be from 1 to 255.", o => o.RouterId = 256 },
        { "AdvertInterval (00:00:00.005) must be from 00:00:00.010", o => o.AdvertInterval = TimeSpan.FromMilliseconds(5) },
        { "AdvertInterval (00:00:00.015) must be from 00:00:00.010", o => o.AdvertInterval = TimeSpan.FromMilliseconds(15) },
        { "AdvertInterval (00:00:41) must be from 00:00:00.010", o => o.AdvertInterval = TimeSpan.FromSeconds(41) },
        { "Instance (VI 1) must be a name", o => o.Instance = "VI 1" },
        { "AppUser (app app) must be the name of the user", o => o.AppUser = "app app" },
        { "CreditFile (credit) must be the whole path", o => o.CreditFile = "credit" },
        { "CreditFile (/run/failover/) must be the whole path", o => o.CreditFile = "/run/failover/" },
        { "CreditFile (/run/failover/../../etc/x/credit) must be the whole path", o => o.CreditFile = "/run/failover/../../etc/x/credit" },
        { "CreditFile (/run/failover/./credit) must be the whole path", o => o.CreditFile = "/run/failover/./credit" },
        { "CreditFile (/run/failover/.) must be the whole path", o => o.CreditFile = "/run/failover/." },
        { "Fifo (/run/failover/..) must be the whole path", o => o.Fifo = "/run/failover/.." },
        { "CurlPath (/usr/./bin/curl) must be the whole path of curl", o => (o.HangUrl, o.CurlPath) = ("http://127.0.0.1/", "/usr/./bin/curl") },
        { "CreditFile (/run/credit) must be the whole path of a file, without . and .. in it, in a directory of its own", o => o.CreditFile = "/run/credit" },
        { "CreditFile (/var/run/credit) must be the whole path of a file, without . and .. in it, in a directory of its own", o => o.CreditFile = "/var/run/credit" },
        { "Fifo (/etc/keepalived/fifo) must be the whole path of a file, without . and .. in it, in a directory of its own", o => o.Fifo = "/etc/keepalived/fifo" },
        { "Fifo (/run/failover/credit) must be another file than CreditFile.", o => o.Fifo = o.CreditFile },
        { "Process () must be the name of a program", o => o.Process = "" },
        { "Process (/srv/shop/Shop.Api) must not be a path alone: keepalived compares a single word with the name of a program, which has no path, never finds it, and the node stays in FAULT", o => o.Process = "/srv/shop/Shop.Api" },
        { "Process (bin/) must not be a path alone", o => o.Process = "bin/" },
        { "Process (dotnet  App.dll) must be the name of a program", o => o.Process = "dotnet  App.dll" },
        { "HangUrl (/health/live) must be an address with http or https", o => o.HangUrl = "/health/live" },
        { "HangUrl (file:///etc/passwd) must be an address with http or https", o => o.HangUrl = "file:///etc/passwd" },
        { "HangUrl (***) must be an address with http or https, without user information", o => o.HangUrl = "http://u:p@127.0.0.1/" },
        { "CurlPath (curl) must be the whole path of curl", o => (o.HangUrl, o.CurlPath) = ("http://127.0.0.1/", "curl") },
        { "ScriptUser (0) must be the name of a user", o => (o.HangUrl, o.ScriptUser) = ("http://127.0.0.1/", "0") },
        { "NodeA:Address (null) must be the own IP address of the node", o => (o.Unicast, o.NodeB.Address) = (true, "10.77.0.2") },
        { "NodeA:Address (fd00::1) must be the own IP address of the node, of the kind of Address", o => (o.Unicast, o.NodeA.Address, o.NodeB.Address) = (true, "fd00::1", "10.77.0.2") },
        { "NodeA:Address (10.77.0.100) must be the own IP address of the node, of the kind of Address and another one", o => (o.Unicast, o.NodeA.Address, o.NodeB.Address) = (true, "10.77.0.100", "10.77.0.2") },
        { "NodeB:Address (10.77.0.1) must be another than that of NodeA.", o => (o.Unicast, o.NodeA.Address, o.NodeB.Address) = (true, "10.77.0.1", "10.77.0.1") },
    };

    public static TheoryData<string, Action<KeepalivedConfigOptions, string>> Texts => new()
    {
        { "Address", (o, text) => o.Address += text },
        { "NodeA:Name", (o, text) => o.NodeA.Name += text },
        { "NodeA:Interface", (o, text) => o.NodeA.Interface = "eth0" + text },
        { "NodeB:Address", (o, text) => o.NodeB.Address += text },
        { "Interface", (o, text) => o.Interface += text },
        { "Instance", (o, text) => o.Instance += text },
        { "AppUser", (o, text) => o.AppUser += text },
        { "CreditFile", (o, text) => o.CreditFile += text },
        { "Fifo", (o, text) => o.Fifo += text },
        { "Process", (o, text) => o.Process += text },
        { "HangUrl", (o, text) => o.HangUrl += text },
        { "CurlPath", (o, text) => o.CurlPath += text },
        { "ScriptUser", (o, text) => o.ScriptUser += text },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public void A_bad_value_is_refused_with_its_key_the_value_and_what_is_allowed(string told, Action<KeepalivedConfigOptions> spoil)
    {
        KeepalivedConfigOptions options = Given.Options();
        spoil(options);

        OptionsValidationException refused = Assert.Throws<OptionsValidationException>(() => new KeepalivedConfig(options));

        Assert.StartsWith($"KeepalivedConfigOptions:{told}", Assert.Single(refused.Failures), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void No_text_can_end_a_line_a_quote_or_a_block_begin_a_comment_or_be_expanded(string key, Action<KeepalivedConfigOptions, string> append)
    {
        string[] harms = ["\n", "\nnopreempt", "\r", "\0", "\"", "'", "\\", "{", "}", "#", "!", "$A", "${A}", "\t", "\u00a0", "\u2028", ";", "`", "|", "<", ">", "(", "*", "é"];

        Assert.All(harms, harm =>
        {
            KeepalivedConfigOptions options = Given.EverythingOptions();
            append(options, harm);

            OptionsValidationException refused = Assert.Throws<OptionsValidationException>(() => new KeepalivedConfig(options));

            Assert.Contains(refused.Failures, problem => problem.StartsWith($"KeepalivedConfigOptions:{key} (", StringComparison.Ordinal));
        });
    }

    [Fact]
    public void An_interface_for_each_node_needs_none_for_both()
    {
        KeepalivedConfigOptions options = Given.Options();
        (options.NodeA.Interface, options.NodeB.Interface, options.Interface) = ("ens3", "ens4", null);

        Assert.Contains("interface ens3\n", new KeepalivedConfig(options).RenderFor("node-a"), StringComparison.Ordinal);
    }
}
