using System.Reflection;
using Failover.Groups;
using Microsoft.Extensions.Configuration;

namespace Failover.Tests.Groups;

public class GroupOptionsKeysTests
{
    private const string Prefix = "Failover:Groups:orders";

    [Fact]
    public void The_defaults_are_valid() => Assert.Empty(GroupOptionsValidator.Validate(Prefix, new GroupOptions()));

    [Fact]
    public void Every_setting_has_its_key()
    {
        var properties = Leaves(typeof(GroupOptions), "");

        Assert.Equal(properties.Order(StringComparer.Ordinal), GroupOptionsKeys.Table.Known.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("StartTimeout", "00:00:01", "01:00:00", "00:00:00.999", "01:00:01")]
    [InlineData("MaxSwitchTime", "00:00:01", "01:00:00", "00:00:00", "01:00:01")]
    [InlineData("MaxReadLag", "00:00:00", "1.00:00:00", "-00:00:01", "1.00:00:01")]
    [InlineData("SwitcherReadInterval", "00:00:01", "01:00:00", "00:00:00", "01:00:01")]
    [InlineData("Detection:Fall", "1", "100", "0", "101")]
    [InlineData("Detection:Rise", "1", "100", "0", "101")]
    [InlineData("Detection:ProbeInterval", null, "01:00:00", "00:00:00.099", "01:00:01")]
    [InlineData("Detection:TransitionInterval", "00:00:00.010", null, "00:00:00.009", "01:00:01")]
    [InlineData("Detection:DownInterval", null, "01:00:00", "00:00:00.009", "01:00:01")]
    [InlineData("Detection:ProbeTimeout", "00:00:00.010", null, "00:00:00.009", "00:01:01")]
    [InlineData("Detection:FailuresInARow", "1", "1000", "0", "1001")]
    [InlineData("Detection:FailureRate", "0.001", "1", "0", "1.01")]
    [InlineData("Detection:FailureRate", null, null, "NaN", "-1")]
    [InlineData("Detection:FailureRateMinimum", "2", "1000000", "1", "1000001")]
    [InlineData("Detection:FailureWindow", "00:00:01", "00:10:00", "00:00:00.5", "00:10:01")]
    [InlineData("Detection:ReadHangAge", "00:00:00.100", "00:00:10", "00:00:00.099", "00:10:01")]
    [InlineData("Detection:WriteHangAge", "00:00:00.100", "00:00:10", "00:00:00.099", "00:10:01")]
    [InlineData("Detection:MaxHangAge", "00:00:02", "00:10:00", "00:00:00.099", "00:10:01")]
    [InlineData("Detection:ConfirmTimeout", "00:00:00.010", "00:01:00", "00:00:00.009", "00:01:01")]
    [InlineData("Detection:HangCalls", "1", "64", "0", "65")]
    [InlineData("Switchback:Mode", "auto", "Never", "Sometimes", "1")]
    [InlineData("Switchback:HoldDown", "00:00:00", null, "-00:00:01", "01:00:01")]
    [InlineData("Switchback:MaxHoldDown", "00:00:30", "1.00:00:00", "-00:00:01", "1.00:00:01")]
    [InlineData("Switchback:Calm", "00:00:01", "1.00:00:00", "00:00:00", "1.00:00:01")]
    [InlineData("Epochs:WhenOldSilentFor", "00:01:00", "30.00:00:00", "00:00:59", "30.00:00:01")]
    [InlineData("Epochs:WhenOldSilentFor", "", null, "never", "0")]
    [InlineData("Epochs:OverlapTolerance", "00:00:00", "00:10:00", "-00:00:01", "00:10:01")]
    public void A_value_is_taken_up_to_its_bounds_and_no_further(string key, string? lowest, string? highest, string below, string above)
    {
        foreach (string good in new[] { lowest, highest }.OfType<string>())
        {
            Assert.Empty(Problems((key, good)));
        }

        foreach (string bad in new[] { below, above })
        {
            string problem = Assert.Single(Problems((key, bad)));
            Assert.StartsWith($"{Prefix}:{key} (", problem, StringComparison.Ordinal);
            Assert.Contains(") must be ", problem, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("Detection:ProbeInterval", "abc", "(abc) must be from 00:00:00.100 to 01:00:00, written as hh:mm:ss.")]
    [InlineData("Detection:ProbeInterval", "5s", "(5s) must be from 00:00:00.100 to 01:00:00, written as hh:mm:ss.")]
    [InlineData("Detection:ProbeInterval", "", "() must be from 00:00:00.100 to 01:00:00, written as hh:mm:ss.")]
    [InlineData("Detection:ProbeInterval", "5", "(5) must be from 00:00:00.100 to 01:00:00; a plain number counts as days: write 00:00:05 for 5 seconds.")]
    [InlineData("MaxReadLag", "1", "(1) must be from 00:00:00 to 1.00:00:00; a plain number counts as days: write 00:00:01 for 1 seconds.")]
    [InlineData("Epochs:WhenOldSilentFor", "90000", "(90000) must be left out, or from 00:01:00 to 30.00:00:00; a plain number counts as days: write hh:mm:ss, or d.hh:mm:ss.")]
    [InlineData("Detection:Fall", "many", "(many) must be from 1 to 100, a whole number.")]
    [InlineData("Detection:Fall", "1.5", "(1.5) must be from 1 to 100, a whole number.")]
    [InlineData("Detection:FailureRate", "0,5", "(0,5) must be above 0, up to 1, a number with a point.")]
    [InlineData("Switchback:Mode", "Sometimes", "(Sometimes) must be one of Auto, Manual, Never.")]
    [InlineData("Switchback:Mode", "Auto,Never", "(Auto,Never) must be one of Auto, Manual, Never.")]
    public void A_value_of_the_wrong_form_says_what_is_allowed(string key, string value, string message) =>
        Assert.Equal([$"{Prefix}:{key} {message}"], Problems((key, value)));

    [Theory]
    [InlineData("Detection:ProbeTimeout", "00:00:09", "Detection:ProbeInterval", "00:00:05", "Detection:ProbeTimeout (00:00:09) must not be longer than ProbeInterval (00:00:05).")]
    [InlineData("Detection:TransitionInterval", "00:00:09", "Detection:ProbeInterval", "00:00:05", "Detection:TransitionInterval (00:00:09) must not be longer than ProbeInterval (00:00:05).")]
    [InlineData("Detection:DownInterval", "00:00:01", "Detection:TransitionInterval", "00:00:02", "Detection:DownInterval (00:00:01) must not be shorter than TransitionInterval (00:00:02).")]
    [InlineData("Switchback:MaxHoldDown", "00:00:10", "Switchback:HoldDown", "00:00:20", "Switchback:MaxHoldDown (00:00:10) must not be shorter than HoldDown (00:00:20).")]
    public void Values_that_do_not_fit_each_other_are_refused(string key, string value, string otherKey, string other, string message) =>
        Assert.Equal([$"{Prefix}:{message}"], Problems((key, value), (otherKey, other)));

    [Fact]
    public void Every_problem_is_told_at_once_and_each_once() =>
        Assert.Equal(4, Problems(("Detection:Fall", "x"), ("Detection:ProbeInterval", "0"), ("Switchback:Mode", "?"), ("MaxReadLag", "-1")).Count);

    [Fact]
    public void An_undefined_enum_from_code_is_refused()
    {
        var options = new GroupOptions();
        options.Switchback.Mode = (SwitchbackMode)7;

        Assert.Equal([$"{Prefix}:Switchback:Mode (7) must be one of Auto, Manual, Never."], GroupOptionsValidator.Validate(Prefix, options));
    }

    [Fact]
    public void A_section_of_the_options_cannot_be_null() => Assert.Throws<ArgumentNullException>(() => new GroupOptions { Detection = null! });

    [Fact]
    public void Values_are_read_into_the_options()
    {
        var options = new GroupOptions();
        GroupOptionsKeys.Table.Bind(
            Section(("detection:fall", " 7 "), ("Detection:FailureRate", "0.25"), ("Switchback:Mode", "manual"), ("Epochs:Path", "epochs.json"), ("Epochs:WhenOldSilentFor", "1.00:00:00"), ("MaxReadLag", "0")),
            options,
            new OptionsCheck(Prefix));

        Assert.Equal(
            (7, 0.25, SwitchbackMode.Manual, "epochs.json", TimeSpan.FromDays(1), TimeSpan.Zero),
            (options.Detection.Fall, options.Detection.FailureRate, options.Switchback.Mode, options.Epochs.Path, options.Epochs.WhenOldSilentFor, options.MaxReadLag));
    }

    private static IReadOnlyList<string> Problems(params (string Key, string? Value)[] values)
    {
        var options = new GroupOptions();
        var check = new OptionsCheck(Prefix);
        GroupOptionsKeys.Table.Bind(Section(values), options, check);
        GroupOptionsKeys.Table.Check(options, check);
        return check.Problems;
    }

    private static IConfigurationSection Section(params (string Key, string? Value)[] values) =>
        new ConfigurationBuilder()
            .AddInMemoryCollection(values.Select(one => KeyValuePair.Create($"{Prefix}:{one.Key}", one.Value)))
            .Build()
            .GetSection(Prefix);

    private static IEnumerable<string> Leaves(Type type, string above) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).SelectMany(property =>
            property.PropertyType.IsClass && property.PropertyType != typeof(string)
                ? Leaves(property.PropertyType, $"{above}{property.Name}:")
                : [above + property.Name]);
}
