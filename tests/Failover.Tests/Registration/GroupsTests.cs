using System.Runtime.CompilerServices;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Failover.Tests.Registration;

public class GroupsTests
{
    private static readonly ChangingConfiguration Store = new ChangingConfiguration().Save(
        ("Groups:store:Kind", "test"),
        ("Groups:store:Members:0", "a"),
        ("Groups:store:Members:1", "b"),
        ("Groups:store:Detection:Fall", "7"));

    [Fact]
    public async Task A_group_of_the_configuration_is_made_by_its_kind_and_bound_from_its_section()
    {
        await using TestHost host = Given.Host(Store, builder => builder.AddTest());
        await host.StartAsync();

        FailoverGroup group = host.Groups["store"];

        Assert.Equal(("store", "test"), (group.Name, group.Kind));
        Assert.Equal(["a", "b"], group.Snapshot.Members.Select(one => one.Member.Name));
        Assert.Equal(7, host.InForce<GroupOptions>("store").Detection.Fall);
    }

    [Fact]
    public async Task A_group_begins_with_the_defaults_of_its_kind_and_code_and_configuration_stand_over_them()
    {
        ChangingConfiguration configuration = new ChangingConfiguration().Save(("Groups:store:Kind", "test"), ("Groups:store:Members:0", "a"), ("Groups:store:StartTimeout", "00:00:40"));
        await using TestHost host = Given.Host(configuration, builder => builder.AddTest().AddTestGroup("orders", "b").AddCustomGroup("other").Services
            .Configure<GroupOptions>("orders", options => options.MaxSwitchTime = TimeSpan.FromSeconds(50)));
        await host.StartAsync();

        GroupOptions[] inForce = [host.InForce<GroupOptions>("store"), host.InForce<GroupOptions>("orders"), host.InForce<GroupOptions>("other")];

        Assert.Equal([40, 31, 30], inForce.Select(options => options.StartTimeout.TotalSeconds));
        Assert.Equal([61, 50, 60], inForce.Select(options => options.MaxSwitchTime.TotalSeconds));
    }

    [Fact]
    public async Task A_package_can_add_to_every_group_after_its_kind_and_before_its_own_code_whatever_was_registered_first()
    {
        List<string> order = [];
        ChangingConfiguration configuration = new ChangingConfiguration().Save(("Groups:store:Kind", "test"), ("Groups:store:Members:0", "a"), ("Groups:store:Members:1", "b"));
        await using TestHost host = Given.Host(configuration, builder => builder
            .ConfigureGroups((_, group) => order.Add($"first of {group.Name}, {group.Kind}"))
            .AddTest()
            .AddGroup("code", "test", (_, group) => order.Add($"own of {group.Name}"))
            .ConfigureGroups((services, group) => order.Add($"second of {group.Name}, {services.GetServices<IHostedService>().Any()}"))
            .Services.Configure<TestKindOptions>("code", options => options.Members.Add("a")));
        await host.StartAsync();

        Assert.Equal(["first of code, test", "second of code, True", "own of code", "first of store, test", "second of store, True"], order);
    }

    [Fact]
    public async Task A_hint_source_can_be_made_with_the_clock_and_the_loggers_of_its_group()
    {
        (TimeProvider? Time, bool IsLogging) given = default;
        await using TestHost host = Given.Host(new ChangingConfiguration(), builder => builder.AddCustomGroup("orders").ConfigureGroups((_, group) => group.AddHintSource((time, loggers) =>
        {
            given = (time, loggers.CreateLogger("test").IsEnabled(LogLevel.Information));
            return new Silence();
        })));
        await host.StartAsync();

        Assert.Equal((TimeProvider.System, true), given);
    }

    [Fact]
    public async Task Groups_that_are_required_by_names_known_only_at_the_start_are_looked_for_then()
    {
        List<(string, string)> required = [];
        string[] problems = await Given.ProblemsOf(new ChangingConfiguration(), builder =>
        {
            builder.AddCustomGroup("orders").RequireGroups(() => required);
            required.AddRange([("Orders", "One"), ("ordres", "Another")]);
        });

        Assert.Equal("Another uses the failover group 'ordres', which is not there. Registered are orders. Did you mean orders? Use one that is there, or add this one: in code, or as Failover:Groups:ordres in the configuration.", Assert.Single(problems));
    }

    [Fact]
    public async Task A_group_starts_with_the_host_and_ends_with_it()
    {
        await using TestHost host = Given.Host(new ChangingConfiguration(), builder => builder.AddCustomGroup("orders"));
        await host.StartAsync();
        FailoverGroup group = host.Groups["orders"];

        Assert.Equal("a", (await group.WaitForActiveAsync(default).AsTask().WaitAsync(Given.Limit)).Name);
        Task ended = ReadToTheEndAsync(group);
        await host.StopAsync();
        await ended.WaitAsync(Given.Limit);
    }

    [Fact]
    public async Task Hosted_services_may_use_a_group_from_their_start_to_their_end()
    {
        await using TestHost host = Given.Host(new ChangingConfiguration(), builder => builder.AddCustomGroup("orders").Services.AddHostedService<User>());
        await host.StartAsync();
        await host.StopAsync();

        Assert.Equal("a", host.Services.GetServices<IHostedService>().OfType<User>().Single().AtStop);
    }

    [Fact]
    public async Task Without_a_host_a_group_starts_on_its_first_use()
    {
        await using ServiceProvider provider = new ServiceCollection().AddFailover().AddCustomGroup("orders").Services.BuildServiceProvider();

        FailoverMember active = await provider.GetRequiredKeyedService<FailoverGroup>("orders").WaitForActiveAsync(default).AsTask().WaitAsync(Given.Limit);

        Assert.Equal("a", active.Name);
    }

    [Fact]
    public void A_container_may_be_disposed_of_synchronously()
    {
        using ServiceProvider provider = new ServiceCollection().AddFailover().AddCustomGroup("orders").Services.BuildServiceProvider();

        provider.GetRequiredKeyedService<FailoverGroup>("orders").Start();
    }

    [Fact]
    public async Task The_same_group_is_given_by_name_by_key_and_by_enumeration()
    {
        await using TestHost host = Given.Host(Store, builder => builder.AddTest().AddCustomGroup("orders"));

        Assert.Equal(["orders", "store"], host.Groups.Names);
        Assert.Equal(2, host.Groups.Count);
        Assert.Same(host.Groups["store"], host.Services.GetRequiredKeyedService<FailoverGroup>("store"));
        Assert.Same(host.Groups["store"], host.Services.GetRequiredKeyedService<FailoverGroup>("STORE"));
        Assert.Same(host.Groups["store"], host.Groups.Last());
        Assert.True(host.Groups.TryGet("Orders", out FailoverGroup? orders));
        Assert.Same(host.Groups["orders"], orders);
        Assert.False(host.Groups.TryGet("ordres", out _));
    }

    [Fact]
    public async Task A_group_is_made_once_however_many_ask_for_it()
    {
        int made = 0;
        await using TestHost host = Given.Host(new ChangingConfiguration(), builder => builder.AddCustomGroup("other").AddGroup("orders", (services, group) =>
        {
            Interlocked.Increment(ref made);
            group.AddMember(new Uri("tcp://a:1")).UseProbe(Moq.Mock.Of<IMemberProbe>());
        }));
        FailoverGroups groups = host.Groups;
        using var together = new Barrier(4);

        FailoverGroup[] all = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
            () => together.SignalAndWait(Given.Limit) ? groups["orders"] : throw new TimeoutException(),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));

        Assert.Single(all.Distinct());
        Assert.Equal(1, made);
    }

    [Fact]
    public async Task A_host_without_lifecycle_calls_starts_and_ends_the_groups_too()
    {
        await using TestHost host = Given.Host(new ChangingConfiguration(), builder => builder.AddCustomGroup("orders"));
        IHostedService service = host.Services.GetServices<IHostedService>().Single(one => one.GetType().Name == "GroupsHostedService");

        await service.StartAsync(default);
        FailoverGroup group = host.Groups["orders"];
        await group.WaitForActiveAsync(default).AsTask().WaitAsync(Given.Limit);
        Task ended = ReadToTheEndAsync(group);
        await service.StopAsync(default);

        await ended.WaitAsync(Given.Limit);
    }

    [Fact]
    public async Task A_group_that_is_missing_is_told_with_those_that_there_are()
    {
        await using TestHost host = Given.Host(Store, builder => builder.AddTest().AddCustomGroup("orders"));

        var exception = Assert.Throws<KeyNotFoundException>(() => host.Services.GetRequiredKeyedService<FailoverGroup>("ordres"));

        Assert.Equal("There is no failover group 'ordres'. Registered are orders, store. Did you mean orders?", exception.Message);
    }

    [Fact]
    public async Task Sources_may_be_added_to_the_configuration_after_AddFailover()
    {
        var configuration = new ConfigurationManager();
        var services = new ServiceCollection();
        services.AddFailover(configuration.GetSection("Failover")).AddTest();
        configuration.Sources.Add(Store);
        await using ServiceProvider provider = services.BuildServiceProvider();

        Assert.Equal(["store"], provider.GetRequiredService<FailoverGroups>().Names);
    }

    [Fact]
    public async Task Settings_from_configuration_apply_to_a_group_that_code_added()
    {
        await using TestHost host = Given.Host(
            new ChangingConfiguration().Save(("Groups:ORDERS:Detection:Fall", "9"), ("Groups:db:Kind", "Test"), ("Groups:db:Port", "5432")),
            builder => builder.AddCustomGroup("orders").AddTestGroup("db", "a"));
        await host.StartAsync();

        Assert.Equal(["db", "orders"], host.Groups.Names);
        Assert.Equal(9, host.InForce<GroupOptions>("orders").Detection.Fall);
        Assert.Equal("tcp://a:5432/", host.Groups["db"].Snapshot.Members[0].Member.Address.AbsoluteUri);
    }

    [Fact]
    public async Task Code_that_configures_later_wins_over_configuration()
    {
        await using TestHost host = Given.Host(
            new ChangingConfiguration().Save(("Groups:orders:Detection:Fall", "9"), ("Groups:orders:Detection:Rise", "9")),
            builder => builder.AddCustomGroup("orders").Services.Configure<GroupOptions>("orders", options => options.Detection.Fall = 4));

        GroupOptions options = host.InForce<GroupOptions>("orders");

        Assert.Equal((4, 9), (options.Detection.Fall, options.Detection.Rise));
    }

    [Fact]
    public async Task A_group_may_not_be_of_one_kind_in_code_and_of_another_in_configuration()
    {
        string[] problems = await Given.ProblemsOf(new ChangingConfiguration().Save(("Groups:orders:Kind", "Test")), builder => builder.AddTest().AddCustomGroup("Orders"));

        Assert.Equal(
            ["Failover:Groups:Orders:Kind (Test) does not fit: a group 'Orders' of kind custom is added in code; rename one of them, or leave Kind out to give that group its settings."],
            problems);
    }

    [Fact]
    public void A_name_can_be_added_once()
    {
        IFailoverBuilder builder = new ServiceCollection().AddFailover().AddTestGroup("orders", "a");

        var exception = Assert.Throws<InvalidOperationException>(() => builder.AddCustomGroup("Orders"));

        Assert.Equal("A failover group 'orders' was added before, of kind Test; names are compared without regard to case.", exception.Message);
    }

    [Fact]
    public void A_name_with_a_colon_is_refused() => Assert.Throws<ArgumentException>(() => new ServiceCollection().AddFailover().AddCustomGroup("a:b"));

    [Fact]
    public void A_kind_must_be_registered_before_code_adds_a_group_of_it() =>
        Assert.Contains("Failover.Http", Assert.Throws<InvalidOperationException>(() => new ServiceCollection().AddFailover().AddGroup("orders", "Http")).Message, StringComparison.Ordinal);

    [Fact]
    public async Task AddFailover_may_be_called_again_and_kinds_too()
    {
        var configuration = new ConfigurationManager();
        configuration.Sources.Add(Store);
        var services = new ServiceCollection();
        services.AddFailover().AddTest();
        services.AddFailover(configuration.GetSection("Failover")).AddTest();
        IFailoverBuilder builder = services.AddFailover(configuration.GetSection("Failover"));
        await using ServiceProvider provider = services.BuildServiceProvider();

        Assert.Equal("Failover", builder.Configuration?.Path);
        Assert.Single(provider.GetServices<IHostedService>());
        Assert.Equal(["a", "b"], provider.GetRequiredService<LastGoodOptions<TestKindOptions>>().Get("store").Members);
    }

    [Fact]
    public void Two_sections_are_refused()
    {
        var configuration = new ConfigurationManager();
        var services = new ServiceCollection();
        services.AddFailover(configuration.GetSection("Failover"));

        Assert.Throws<InvalidOperationException>(() => services.AddFailover(configuration.GetSection("Other")));
    }

    [Fact]
    public async Task A_section_that_is_one_too_deep_is_told_with_the_right_one()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([new("App:Failover:Groups:orders:Kind", "Test")]);
        builder.Services.AddFailover(builder.Configuration.GetSection("App:Failover:Groups")).RequireGroup("orders", "A client");
        using IHost host = builder.Build();

        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.Equal(["AddFailover was given the section App:Failover:Groups, which is one too deep: give it App:Failover, which holds Groups."], error.Failures);
    }

    [Fact]
    public async Task Options_of_another_kind_are_not_given()
    {
        await using TestHost host = Given.Host(new ChangingConfiguration(), builder => builder.AddTest().AddCustomGroup("orders"));

        var exception = Assert.Throws<InvalidOperationException>(() => host.InForce<TestKindOptions>("orders"));

        Assert.Equal("The failover group 'orders' is of kind custom, which has no TestKindOptions.", exception.Message);
    }

    [Fact]
    public async Task A_group_that_is_asked_for_while_it_is_made_says_so()
    {
        await using TestHost host = Given.Host(new ChangingConfiguration(), builder => builder.AddGroup("orders", (services, group) => services.GetRequiredKeyedService<FailoverGroup>("orders")));

        Assert.Contains("while it is being made", Assert.Throws<InvalidOperationException>(() => host.Groups["orders"]).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Code_adds_to_what_the_kind_made()
    {
        await using TestHost host = Given.Host(
            Store,
            builder => builder.AddTest().AddGroup("store", "Test", (services, group) => group.AddMember("c", new Uri("tcp://c:1"))));
        await host.StartAsync();

        Assert.Equal(["a", "b", "c"], host.Groups["store"].Snapshot.Members.Select(one => one.Member.Name));
    }

    private static async Task ReadToTheEndAsync(FailoverGroup group)
    {
        await foreach (Switchover _ in group.ReadSwitchoversAsync(default))
        {
        }
    }

    private sealed class User([FromKeyedServices("orders")] FailoverGroup group) : IHostedService
    {
        internal string? AtStop { get; private set; }

        public async Task StartAsync(CancellationToken cancellationToken) => await group.WaitForActiveAsync(cancellationToken);

        public async Task StopAsync(CancellationToken cancellationToken) => AtStop = (await group.WaitForActiveAsync(cancellationToken)).Name;
    }

    private sealed class Silence : IHintSource
    {
        public async IAsyncEnumerable<Hint> ReadHintsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            yield break;
        }
    }
}
