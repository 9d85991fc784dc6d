using System.Text.RegularExpressions;
using Failover.Keepalived.Configuration;
using Failover.Keepalived.Doctor;
using Failover.Keepalived.Tests.Doctor;

namespace Failover.Keepalived.Tests.Docs;

/// <summary>What docs/keepalived.md shows and says of the configuration of keepalived, and of the doctor.</summary>
public sealed partial class KeepalivedConfigPageTests
{
    [Fact]
    public void The_files_of_the_page_are_those_that_its_code_renders()
    {
        KeepalivedOptions app = new() { Address = "10.77.0.100", Node = "node-a", Peer = "node-b", ProcessName = "shop-ready" };

        #region docs:render
        KeepalivedConfigOptions options = KeepalivedConfigOptions.From(app);      // KeepalivedOptions, as the app has them: IOptionsMonitor<KeepalivedOptions>.Get("site")
        options.Interface = "eth0";
        options.PrefixLength = 24;
        options.AppUser = "shop";
        options.HangUrl = "http://127.0.0.1:8080/health/live";
        KeepalivedConfig config = new(options);                                   // throws, and names each setting that is not allowed

        string file = config.RenderFor("node-a");                                 // /etc/keepalived/keepalived.conf; for the other node: "node-b"
        string directory = config.RenderTmpfiles();                               // /etc/tmpfiles.d/failover.conf
        string unit = config.RenderKeepalivedDropInFor("node-a");                 // /etc/systemd/system/keepalived.service.d/failover.conf
        string appUnit = config.RenderAppDropIn();                                // /etc/systemd/system/shop.service.d/failover.conf
        #endregion

        Assert.Equal(Rendered("node-a.conf"), file);
        Assert.Equal(Rendered("tmpfiles.conf"), directory);
        Assert.Equal(Rendered("keepalived.service.conf"), unit);
        Assert.Equal(Rendered("shop.service.conf"), appUnit);
    }

    [Fact]
    public void The_doctor_of_the_page_tells_what_it_finds()
    {
        KeepalivedOptions app = new() { Address = "10.77.0.100", Node = "node-a", Peer = "node-b" };
        string path = Path.Combine(AppContext.BaseDirectory, "no-such-file.conf");

        #region docs:doctor
        foreach (DoctorFinding finding in KeepalivedDoctor.Examine(path, app))
        {
            Console.WriteLine($"{finding.Severity} {finding.Code}, {finding.File}:{finding.Line} {finding.Key}: {finding.What} {finding.Cure}");
        }
        #endregion

        Assert.Contains(KeepalivedDoctor.Examine(path, app), static finding => finding.Code == DoctorCode.Unreadable);
    }

    [Fact]
    public void The_page_names_each_code_with_how_much_it_matters_and_whether_keepalived_says_nothing()
    {
        Dictionary<string, GroupCollection> page = Row().Matches(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Docs", "keepalived.md"))).ToDictionary(static row => row.Groups["code"].Value, static row => row.Groups);

        Assert.Equal(Codes.All.Order(), page.Keys.Order());
        Assert.All(Mistakes.Single, mistake => Assert.Contains(mistake.Severity.ToString(), page[mistake.Code]["severity"].Value, StringComparison.OrdinalIgnoreCase));
        Assert.Equal(RealKeepalivedTests.SilentCodes.Order(), page.Where(static row => row.Value["silent"].Success).Select(static row => row.Key).Order());
    }

    /// <summary>A file without the marks of what the page shows.</summary>
    private static string Rendered(string name) =>
        string.Join('\n', File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Configuration", "Rendered", name)).Replace("\r", "", StringComparison.Ordinal).Split('\n').Where(static line => !line.StartsWith("#region", StringComparison.Ordinal) && !line.StartsWith("#endregion", StringComparison.Ordinal)));

    [GeneratedRegex(@"^\| `(?<code>[a-z0-9-]+)` \| (?<severity>(?:error|warning|information)(?:, (?:error|warning|information))*) \| (?<silent>silent: )?", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Row();
}
