using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Primitives;

namespace Failover.Tests.Registration;

/// <summary>A section beside <c>Groups</c>, as a package has one.</summary>
public class SectionTests
{
    private static readonly OptionsKeys<Item> ItemKeys = new OptionsKeys<Item>()
        .OptionalNumber("Size", o => o.Size, (o, v) => o.Size = v, 1, 9)
        .OptionalChoice("Mode", o => o.Mode, (o, v) => o.Mode = v);

    private static readonly OptionsKeys<TestSection> Keys = new OptionsKeys<TestSection>()
        .Number("Count", o => o.Count, (o, v) => o.Count = v, 1, 9)
        .Text("Path", o => o.Path, (o, v) => o.Path = v)
        .Each("Items", o => o.Items, ItemKeys)
        .Fixed("Path");

    private readonly ChangingConfiguration _configuration = new();

    [Fact]
    public async Task Named_parts_are_read_each_with_its_own_keys()
    {
        _configuration.Save(("Test:Count", "2"), ("Test:Items:a:Size", "3"), ("Test:Items:b:Mode", "never"), ("Test:Items:c:Size", ""), ("Test:Items:d", null));
        await using TestHost host = await StartAsync();

        TestSection section = Section(host).Current;

        Assert.Equal(2, section.Count);
        Assert.Equal(
            [("a", 3, null), ("b", null, SwitchbackMode.Never), ("c", null, null), ("d", null, null)],
            section.Items.OrderBy(item => item.Key, StringComparer.Ordinal).Select(item => (item.Key, item.Value.Size, item.Value.Mode)));
    }

    [Fact]
    public async Task What_is_wrong_is_told_with_all_else_at_the_start()
    {
        string[] problems = await Given.ProblemsOf(
            _configuration.Save(
                ("Groups:orders:Detection:Fall", "0"), ("Test:Count", "0"), ("Test:Items:a:Size", "10"), ("Test:Items:b:Mode", "1"), ("Test:Items:b:Szie", "1"), ("Tset:Count", "1"), ("Tunnels:a", "is somebody else's")),
            builder => builder.AddSection("Test", Keys).AddCustomGroup("orders"));

        Assert.Equal(
            [
                "Failover:Tset is not a known key; did you mean Test?",
                "Failover:Groups:orders:Detection:Fall (0) must be from 1 to 100.",
                "Failover:Test:Items:b:Szie is not a known key; did you mean Size?",
                "Failover:Test:Items:b:Mode (1) must be left out, or one of Auto, Manual, Never.",
                "Failover:Test:Count (0) must be from 1 to 9.",
                "Failover:Test:Items:a:Size (10) must be left out, or from 1 to 9.",
            ],
            problems);
    }

    [Fact]
    public async Task A_good_change_is_put_in_force_and_told()
    {
        _configuration.Save(("Test:Count", "2"));
        await using TestHost host = await StartAsync();
        LastGoodSection<TestSection> section = Section(host);
        IChangeToken changed = section.GetChangeToken();

        _configuration.Save(("Test:Count", "3"));

        Assert.True(changed.HasChanged);
        Assert.Equal((3, null), (section.Current.Count, section.Problem));
        Assert.Equal([1906], Told(host));
    }

    [Fact]
    public async Task A_bad_change_changes_nothing_until_a_good_one()
    {
        _configuration.Save(("Test:Count", "2"), ("Test:Path", "a"));
        await using TestHost host = await StartAsync();
        LastGoodSection<TestSection> section = Section(host);
        TestSection before = section.Current;

        _configuration.Save(("Test:Count", "0"), ("Test:Path", "a"));
        Assert.Same(before, section.Current);
        Assert.Equal("Failover:Test:Count (0) must be from 1 to 9.", section.Problem);

        _configuration.Save(("Test:Count", "4"), ("Test:Path", "b"));
        Assert.Same(before, section.Current);
        Assert.Equal("Failover:Test:Path (b) cannot change while running (it is a): restart the app.", section.Problem);

        _configuration.Save(("Test:Count", "4"), ("Test:Path", "a"));
        Assert.Equal((4, null), (section.Current.Count, section.Problem));
        Assert.Equal([1907, 1907, 1906], Told(host));
    }

    [Fact]
    public void What_cannot_be_seen_to_change_cannot_be_fixed()
    {
        OptionsKeys<TestSection> keys = new OptionsKeys<TestSection>().Section("Silent", [], static (_, _, _) => { }).Section("Told", [], static (_, _, _) => { }, static options => $"{options.Count}");

        Assert.Throws<ArgumentException>(() => keys.Fixed("Silent"));
        Assert.Throws<ArgumentException>(() => keys.Fixed("Nowhere"));
        Assert.Same(keys, keys.Fixed("Told"));
    }

    [Fact]
    public async Task A_delegate_of_the_app_that_throws_keeps_the_last_good_options_and_its_message_to_itself()
    {
        _configuration.Save(("Test:Count", "2"));
        await using TestHost host = await StartAsync(builder => builder.Services.Configure<TestSection>(options =>
        {
            if (options.Count == 3)
            {
                throw new InvalidOperationException("hush");
            }
        }));
        LastGoodSection<TestSection> section = Section(host);

        _configuration.Save(("Test:Count", "3"));

        Assert.Equal((2, "Failover:Test could not be put in force: InvalidOperationException."), (section.Current.Count, section.Problem));
        Assert.Equal([1908, 1907], Told(host));
        Assert.DoesNotContain(host.Logs.GetSnapshot(), record => record.Message.Contains("hush", StringComparison.Ordinal));
    }

    [Fact]
    public async Task One_who_follows_and_throws_keeps_nobody_from_the_change()
    {
        _configuration.Save(("Test:Count", "2"), ("Other:Count", "2"));
        await using TestHost host = await StartAsync(builder => builder.AddSection("Other", new OptionsKeys<OtherSection>().Number("Count", o => o.Count, (o, v) => o.Count = v, 1, 9)));
        LastGoodSection<OtherSection> other = host.Services.GetRequiredService<LastGoodSection<OtherSection>>();
        Assert.Equal((2, 2), (Section(host).Current.Count, other.Current.Count));
        using IDisposable one = Section(host).GetChangeToken().RegisterChangeCallback(_ => throw new InvalidOperationException("hush"), null);
        using IDisposable two = other.GetChangeToken().RegisterChangeCallback(_ => throw new InvalidOperationException("hush"), null);

        _configuration.Save(("Test:Count", "3"), ("Other:Count", "4"));

        Assert.Equal((3, 4), (Section(host).Current.Count, other.Current.Count));
        Assert.Equal([1906, 1906, 1908, 1908], Told(host).Order());
    }

    [Fact]
    public async Task A_configuration_that_is_gone_changes_nothing()
    {
        _configuration.Save(("Test:Count", "2"));
        await using TestHost host = await StartAsync();
        LastGoodSection<TestSection> section = Section(host);
        Assert.Equal(2, section.Current.Count);

        _configuration.Save();

        Assert.Equal((2, "Failover:Test could not be read: the section Failover is gone, as it is where a file is missing, empty or broken."), (section.Current.Count, section.Problem));
        _configuration.Save(("Test:Count", "2"));
        Assert.Null(section.Problem);
    }

    [Fact]
    public async Task A_host_with_a_section_alone_misses_no_group()
    {
        await using TestHost host = await StartAsync();

        Assert.Empty(Told(host));
    }

    private static LastGoodSection<TestSection> Section(TestHost host) => host.Services.GetRequiredService<LastGoodSection<TestSection>>();

    private static IEnumerable<int> Told(TestHost host) => host.Logs.GetSnapshot().Select(record => record.Id.Id).Where(id => id is >= 1900 and <= 1999);

    private async Task<TestHost> StartAsync(Action<IFailoverBuilder>? add = null)
    {
        TestHost host = Given.Host(_configuration, builder =>
        {
            builder.AddSection("Test", Keys).AddSection("Test", Keys);
            add?.Invoke(builder);
        });
        await host.StartAsync();
        _ = Section(host).Current;
        return host;
    }

    private sealed class TestSection
    {
        public int Count { get; set; } = 1;

        public string? Path { get; set; }

        public IDictionary<string, Item> Items { get; } = new Dictionary<string, Item>(StringComparer.OrdinalIgnoreCase);
    }

    private sealed class OtherSection
    {
        public int Count { get; set; } = 1;
    }

    private sealed class Item
    {
        public int? Size { get; set; }

        public SwitchbackMode? Mode { get; set; }
    }
}
