using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;

namespace Failover.Tests.Registration;

public class StartTests
{
    [Fact]
    public async Task A_bad_value_stops_the_start_and_names_its_key_the_value_and_what_is_allowed() =>
        Assert.Equal(
            ["Failover:Groups:orders:Detection:Fall (0) must be from 1 to 100."],
            await Given.ProblemsOf(new ChangingConfiguration().Save(("Groups:orders:Detection:Fall", "0")), builder => builder.AddCustomGroup("orders")));

    [Fact]
    public async Task Everything_that_is_wrong_is_told_at_once()
    {
        var configuration = new ChangingConfiguration().Save(
            ("Groups:orders:Detection:ProbeInterval", "5"),
            ("Groups:orders:Switchback:Mode", "Sometimes"),
            ("Groups:orders:Detction:Fall", "2"),
            ("Groups:cache:Kind", "Memcached"),
            ("Groups:store:Kind", "Test"),
            ("Groups:store:Port", "70000"),
            ("Groups:nameless:Detection:Fall", "2"),
            ("Grops:orders:Kind", "Test"));

        string[] problems = await Given.ProblemsOf(configuration, builder => builder.AddTest().AddCustomGroup("orders"));

        Assert.Equal(
            [
                "Failover:Grops is not a known key; did you mean Groups?",
                "Failover:Groups:cache:Kind (Memcached) cannot be used: the kind Memcached is not known (registered are Test).",
                "Failover:Groups:nameless:Kind is missing, and no group 'nameless' is added in code: set it to a registered kind (Test).",
                "Failover:Groups:orders:Detction is not a known key; did you mean Detection?",
                "Failover:Groups:orders:Detection:ProbeInterval (5) must be from 00:00:00.100 to 01:00:00; a plain number counts as days: write 00:00:05 for 5 seconds.",
                "Failover:Groups:orders:Switchback:Mode (Sometimes) must be one of Auto, Manual, Never.",
                "Failover:Groups:store:Port (70000) must be from 1 to 65535.",
                "Failover:Groups:store:Members is missing: name at least one host.",
            ],
            problems);
    }

    [Fact]
    public async Task The_problems_are_told_all_together_to_whoever_takes_a_group_before_the_host_starts()
    {
        await using TestHost host = Given.Host(
            new ChangingConfiguration().Save(("Groups:db:Detection:Fall", "0"), ("Groups:orders:Detection:Rise", "0")),
            builder => builder.AddCustomGroup("orders").AddCustomGroup("db"));

        var exception = Assert.Throws<OptionsValidationException>(() => host.Services.GetRequiredKeyedService<FailoverGroup>("orders"));

        Assert.Equal(2, exception.Failures.Count());
    }

    [Fact]
    public async Task A_value_set_in_code_is_checked_as_well()
    {
        string[] problems = await Given.ProblemsOf(new ChangingConfiguration(), builder =>
        {
            builder.AddCustomGroup("orders");
            builder.Services.Configure<GroupOptions>("orders", options => options.Detection.ProbeTimeout = TimeSpan.FromSeconds(9));
        });

        Assert.Equal(["Failover:Groups:orders:Detection:ProbeTimeout (00:00:09) must not be longer than ProbeInterval (00:00:05)."], problems);
    }

    [Fact]
    public async Task The_apps_own_validation_counts_too()
    {
        string[] problems = await Given.ProblemsOf(new ChangingConfiguration(), builder =>
        {
            builder.AddCustomGroup("orders");
            builder.Services.AddOptions<GroupOptions>("orders").Validate(options => options.Detection.Fall > 5, "House rule: Fall is above 5.");
        });

        Assert.Equal(["House rule: Fall is above 5."], problems);
    }

    [Fact]
    public async Task A_secret_is_never_shown()
    {
        string[] problems = await Given.ProblemsOf(
            new ChangingConfiguration().Save(("Groups:orders:Kind", "Test"), ("Groups:orders:Members:0", "a"), ("Groups:orders:Password", "hush")),
            builder => builder.AddTest());

        Assert.Equal(["Failover:Groups:orders:Password (***) must have at least 8 letters."], problems);
    }

    [Fact]
    public async Task Groups_as_a_list_are_told_as_such_and_not_one_by_one() => Assert.Equal(
        ["Failover:Groups must not be a list: each group stands under its name, like Failover:Groups:orders."],
        await Given.ProblemsOf(new ChangingConfiguration().Save(("Groups:0:Name", "orders"), ("Groups:0:Kind", "Test"), ("Groups:1:Name", "store")), builder => builder.AddTest()));

    [Fact]
    public async Task A_value_where_groups_belong_is_refused() => Assert.Equal(
        ["Failover:Groups must hold each group under its name, like Failover:Groups:orders, and is a single value."],
        await Given.ProblemsOf(new ChangingConfiguration().Save(("Groups", "orders")), builder => builder.AddTest()));

    [Fact]
    public async Task A_value_where_a_group_belongs_is_refused() => Assert.Equal(
        ["Failover:Groups:orders must be a section with Kind and the other keys of the group, not a single value."],
        await Given.ProblemsOf(new ChangingConfiguration().Save(("Groups:orders", "Test")), builder => builder.AddTest()));

    [Fact]
    public async Task A_group_may_be_called_by_a_number()
    {
        await using TestHost host = Given.Host(new ChangingConfiguration().Save(("Groups:0:Detection:Fall", "7")), builder => builder.AddTestGroup("0", "a"));
        await host.StartAsync();

        Assert.Equal(7, host.InForce<GroupOptions>("0").Detection.Fall);
    }

    [Theory]
    [InlineData("", "", "There is no failover group: none is added in code, and the configuration has no section Failover.")]
    [InlineData("Tunnels:a", "1", "There is no failover group: none is added in code, and the section Failover of the configuration holds no Groups.")]
    public async Task A_host_without_groups_starts_and_says_so(string key, string value, string message)
    {
        await using TestHost host = Given.Host(key.Length == 0 ? new ChangingConfiguration() : new ChangingConfiguration().Save((key, value)), builder => builder.AddTest());

        await host.StartAsync();

        FakeLogRecord told = Assert.Single(host.Logs.GetSnapshot(), record => record.Id.Name == "NoGroups");
        Assert.Equal((LogLevel.Warning, message), (told.Level, told.Message));
    }

    [Fact]
    public async Task A_host_with_a_group_says_nothing_of_a_section_that_is_missing()
    {
        await using TestHost host = Given.Host(new ChangingConfiguration(), builder => builder.AddTest().AddCustomGroup("orders"));

        await host.StartAsync();

        Assert.DoesNotContain(host.Logs.GetSnapshot(), record => record.Level >= LogLevel.Warning);
    }

    [Fact]
    public async Task The_section_may_have_any_name()
    {
        await using ServiceProvider provider = new ServiceCollection()
            .AddFailover(new Microsoft.Extensions.Configuration.ConfigurationManager { ["Ha:Failover:Groups:orders:Kind"] = "Tset" }.GetSection("Ha:Failover")).AddTest()
            .Services.BuildServiceProvider();

        var exception = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<FailoverGroups>().First());

        Assert.Equal(["Ha:Failover:Groups:orders:Kind (Tset) cannot be used: the kind Tset is not known (registered are Test); did you mean Test?"], exception.Failures);
    }

    [Theory]
    [InlineData("Http", "(Http) cannot be used: the kind Http is not registered (no kind is registered); it comes with the package Failover.Http: add that, and call its AddHttp() after AddFailover(…).")]
    [InlineData("http", "(http) cannot be used: the kind http is not registered (no kind is registered); it comes with the package Failover.Http: add that, and call its AddHttp() after AddFailover(…).")]
    [InlineData("Htp", "(Htp) cannot be used: the kind Htp is not known (no kind is registered); did you mean Http (of the package Failover.Http)?")]
    [InlineData("Carrier pigeon", "(Carrier pigeon) cannot be used: the kind Carrier pigeon is not known (no kind is registered).")]
    public async Task An_unknown_kind_names_the_package_to_add(string kind, string message) =>
        Assert.Equal(["Failover:Groups:x:Kind " + message], await Given.ProblemsOf(new ChangingConfiguration().Save(("Groups:x:Kind", kind)), builder => { }));
}
