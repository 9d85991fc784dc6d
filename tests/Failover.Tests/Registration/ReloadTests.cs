using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Testing;

namespace Failover.Tests.Registration;

public class ReloadTests
{
    private readonly ChangingConfiguration _configuration = new ChangingConfiguration().Save(Valid(("Detection:Fall", "3")));

    [Fact]
    public async Task A_valid_change_is_put_in_force()
    {
        await using TestHost host = await StartAsync();

        _configuration.Save(Valid(("Detection:Fall", "5"), ("Members:2", "c")));

        Assert.Equal(5, host.InForce<GroupOptions>("store").Detection.Fall);
        MembersAre(host, "a", "b", "c");
        Assert.Null(host.Groups["store"].Snapshot.ConfigurationError);
        Assert.Equal(1900, Assert.Single(Told(host)).Id.Id);
    }

    [Fact]
    public async Task An_invalid_change_changes_nothing_and_is_told_until_a_valid_one()
    {
        await using TestHost host = await StartAsync();

        _configuration.Save(Valid(("Detection:Fall", "0"), ("Members:2", "c")));

        Assert.Equal(3, host.InForce<GroupOptions>("store").Detection.Fall);
        ErrorIs(host, "Failover:Groups:store:Detection:Fall (0) must be from 1 to 100.");
        MembersAre(host, "a", "b");
        Assert.Equal(["a", "b"], host.InForce<TestKindOptions>("store").Members);
        FakeLogRecord told = Assert.Single(Told(host));
        Assert.Equal(1901, told.Id.Id);
        Assert.Contains("Fall (0) must be from 1 to 100", told.Message, StringComparison.Ordinal);

        _configuration.Save(Valid(("Detection:Fall", "4"), ("Members:2", "c")));

        Assert.Equal(4, host.InForce<GroupOptions>("store").Detection.Fall);
        ErrorIs(host, null);
        MembersAre(host, "a", "b", "c");
    }

    [Fact]
    public async Task A_change_back_to_what_is_in_force_clears_the_error()
    {
        await using TestHost host = await StartAsync();

        _configuration.Save(Valid(("Detection:Fall", "x")));
        ErrorIs(host, "Failover:Groups:store:Detection:Fall (x) must be from 1 to 100, a whole number.");
        _configuration.Save(Valid(("Detection:Fall", "3")));

        ErrorIs(host, null);
    }

    [Fact]
    public async Task Options_of_the_kind_that_are_invalid_keep_the_groups_own_ones_too()
    {
        await using TestHost host = await StartAsync();

        _configuration.Save(Valid(("Detection:Fall", "5"), ("Port", "0")));

        Assert.Equal(3, host.InForce<GroupOptions>("store").Detection.Fall);
        ErrorIs(host, "Failover:Groups:store:Port (0) must be from 1 to 65535.");
    }

    [Fact]
    public async Task An_unknown_key_makes_a_change_invalid()
    {
        await using TestHost host = await StartAsync();

        _configuration.Save(Valid(("Detction:Fall", "5")));

        ErrorIs(host, "Failover:Groups:store:Detction is not a known key; did you mean Detection?");
    }

    [Fact]
    public async Task The_kind_cannot_change_while_running()
    {
        await using TestHost host = await StartAsync(builder => builder.AddKind<GroupOptions>("Other", new(), (services, group, options) => { }, (_, group, options) => { }));

        _configuration.Save(("Groups:store:Kind", "Other"));

        ErrorIs(host, "Failover:Groups:store:Kind (Other) cannot change while running (it is Test): restart the app.");
    }

    [Fact]
    public async Task A_group_that_leaves_the_configuration_goes_on()
    {
        await using TestHost host = await StartAsync();

        _configuration.Save(("Other", "1"));

        ErrorIs(host, "Failover:Groups:store is gone from the configuration: a group that is not added in code stays as it is until the app is started again.");
        Assert.NotNull(await host.Groups["store"].WaitForActiveAsync(default).AsTask().WaitAsync(Given.Limit));
    }

    // So reads a file that is missing, empty or broken.
    [Fact]
    public async Task A_configuration_that_is_gone_changes_nothing_not_even_for_groups_of_the_code()
    {
        _configuration.Save([.. Valid(), ("Groups:orders:Detection:Fall", "9")]);
        await using TestHost host = await StartAsync(builder => builder.AddCustomGroup("orders").AddCustomGroup("plain"));

        _configuration.Save();
        _configuration.Save();

        FakeLogRecord told = Assert.Single(Told(host));
        Assert.Equal((1904, "A change of the configuration could not be read; every group goes on as before: the section Failover is gone, as it is where a file is missing, empty or broken."), (told.Id.Id, told.Message));
        Assert.Equal(9, host.InForce<GroupOptions>("orders").Detection.Fall);
        ErrorIs(host, "Failover:Groups:store could not be read: the section Failover is gone, as it is where a file is missing, empty or broken.");
        Assert.NotNull(host.Groups["orders"].Snapshot.ConfigurationError);
        Assert.Null(host.Groups["plain"].Snapshot.ConfigurationError);

        _configuration.Save([.. Valid(("Detection:Fall", "4")), ("Groups:orders:Detection:Fall", "9")]);

        ErrorIs(host, null);
        Assert.Null(host.Groups["orders"].Snapshot.ConfigurationError);
        Assert.Equal(4, host.InForce<GroupOptions>("store").Detection.Fall);
    }

    [Fact]
    public async Task What_is_fixed_cannot_change_while_running()
    {
        await using TestHost host = await StartAsync();

        _configuration.Save(Valid(("Detection:Fall", "5"), ("Epochs:Path", "epochs.json")));

        ErrorIs(host, "Failover:Groups:store:Epochs:Path (epochs.json) cannot change while running (it is null): restart the app.");
        Assert.Equal(3, host.InForce<GroupOptions>("store").Detection.Fall);
    }

    [Fact]
    public async Task A_change_that_the_kind_cannot_carry_out_is_refused()
    {
        await using TestHost host = await StartAsync();

        _configuration.Save(Valid(("Detection:Fall", "5"), ("Members:2", "a")));

        Assert.Equal(3, host.InForce<GroupOptions>("store").Detection.Fall);
        Assert.Matches("^Failover:Groups:store could not be put in force: [^()]*tcp:[^()]*$", host.Groups["store"].Snapshot.ConfigurationError);
        MembersAre(host, "a", "b");
    }

    [Fact]
    public async Task A_new_group_is_told_once_and_needs_a_restart()
    {
        await using TestHost host = await StartAsync();

        _configuration.Save([.. Valid(("Detection:Fall", "3")), ("Groups:late:Kind", "Test")]);
        _configuration.Save([.. Valid(("Detection:Fall", "3")), ("Groups:late:Kind", "Test")]);

        Assert.Equal(1903, Assert.Single(Told(host)).Id.Id);
        Assert.Equal(["store"], host.Groups.Names);
    }

    [Fact]
    public async Task A_change_elsewhere_is_no_change_of_the_group()
    {
        await using TestHost host = await StartAsync();
        GroupOptions before = host.InForce<GroupOptions>("store");

        _configuration.Save([.. Valid(("Detection:Fall", "3")), ("Other", "1")]);

        Assert.Same(before, host.InForce<GroupOptions>("store"));
        Assert.Empty(Told(host));
    }

    [Fact]
    public async Task A_delegate_of_the_app_that_throws_keeps_the_last_good_options_and_its_message_to_itself()
    {
        await using TestHost host = await StartAsync(builder => builder.Services.Configure<GroupOptions>("store", options =>
        {
            if (options.Detection.Fall == 13)
            {
                throw new InvalidOperationException("hush");
            }
        }));

        _configuration.Save(Valid(("Detection:Fall", "13")));

        ErrorIs(host, "Failover:Groups:store could not be put in force: InvalidOperationException.");
        Assert.DoesNotContain(Told(host), record => record.Message.Contains("hush", StringComparison.Ordinal) || record.Exception is not null);
    }

    [Fact]
    public async Task What_code_set_on_the_builder_stands_over_a_changed_configuration()
    {
        await using TestHost host = await StartAsync(builder => builder.AddGroup("store", "Test", (services, group) => group.Configure(options => options.Detection.Rise = 9)));
        Assert.Equal((3, 9), Thresholds());

        _configuration.Save(Valid(("Detection:Fall", "5"), ("Detection:Rise", "2")));
        Assert.Equal((5, 9), Thresholds());

        (int Fall, int Rise) Thresholds() => host.InForce<GroupOptions>("store").Detection is var detection ? (detection.Fall, detection.Rise) : default;
    }

    [Fact]
    public async Task After_the_end_a_change_is_ignored()
    {
        await using TestHost host = await StartAsync();
        await host.StopAsync();

        _configuration.Save(Valid(("Detection:Fall", "5")));

        Assert.Equal(3, host.InForce<GroupOptions>("store").Detection.Fall);
    }

    private static (string, string?)[] Valid(params (string Key, string Value)[] more) =>
        [("Groups:store:Kind", "Test"), ("Groups:store:Members:0", "a"), ("Groups:store:Members:1", "b"), .. more.Select(one => ("Groups:store:" + one.Key, (string?)one.Value))];

    private static IEnumerable<FakeLogRecord> Told(TestHost host) => host.Logs.GetSnapshot().Where(record => record.Id.Id is >= 1900 and <= 1999);

    private static void ErrorIs(TestHost host, string? error) => Assert.Equal(error, host.Groups["store"].Snapshot.ConfigurationError);

    private static void MembersAre(TestHost host, params string[] names) => Assert.Equal(names, host.Groups["store"].Snapshot.Members.Select(one => one.Member.Name));

    private async Task<TestHost> StartAsync(Action<IFailoverBuilder>? add = null)
    {
        TestHost host = Given.Host(_configuration, builder =>
        {
            builder.AddTest();
            add?.Invoke(builder);
        });
        await host.StartAsync();
        return host;
    }
}
