using Failover.Keepalived.Doctor.Rules;

namespace Failover.Keepalived.Tests.Doctor;

public sealed class UnitTextTests
{
    [Theory]
    [InlineData("/usr/bin/rm -f /run/failover/credit", true)]
    [InlineData("-/bin/rm -f /run/other \"/run/failover/credit\"", true)]
    [InlineData("+/usr/bin/unlink /run/./failover//credit", true)]
    [InlineData("/usr/bin/rm -f %t/failover/credit", true)]
    [InlineData("/bin/sh -c 'rm -f /run/failover/credit; true'", true)]
    [InlineData("/usr/bin/rm -f /run/failover/credit.fifo", false)]
    [InlineData("/usr/bin/rm -f /old/run/failover/credit", false)]
    [InlineData("/usr/bin/touch /run/failover/credit", false)]
    [InlineData("/bin/sh -c 'echo 0 > /run/failover/credit'", false)]
    [InlineData("", false)]
    public void A_command_removes_the_very_file_that_it_names(string command, bool removes) => Assert.Equal(removes, UnitText.Removes(command, "/run/failover/credit"));

    [Theory]
    [InlineData("/usr/bin/rm -f \"/run/my shop/credit\"")]
    [InlineData("/usr/bin/rm -f '/run/my shop/credit'")]
    [InlineData("/usr/bin/rm -f /run/my\\x20shop/credit")]
    [InlineData("/bin/sh -c \"rm -f '/run/my shop/credit'\"")]
    public void A_path_may_hold_spaces(string command)
    {
        Assert.True(UnitText.Removes(command, "/run/my shop/credit"));
        Assert.False(UnitText.Removes(command, "/run/my"));
    }

    [Theory]
    [InlineData("a  b\tc", new[] { "a", "b", "c" })]
    [InlineData("\"a b\" 'c \"d' \"\" 100%%", new[] { "a b", "c \"d", "", "100%" })]
    [InlineData("a\\ b \\", new[] { "a b", "\\" })]
    [InlineData("  ", new string[0])]
    public void Words_end_at_white_space_outside_of_quotes(string text, string[] words) => Assert.Equal(words, UnitText.Words(text));

    [Fact]
    public void Settings_are_those_of_the_service_and_may_go_over_lines()
    {
        const string text = "[Unit]\nUser=none\n[Service]\nUser = app\n# Group=comment\nExecStartPre=/usr/bin/rm \\\n  # a comment between\n  -f /x\n\nRuntimeDirectory=\n[Install]\nUser=none\n";

        Assert.Equal([("User", "app"), ("ExecStartPre", "/usr/bin/rm  -f /x"), ("RuntimeDirectory", "")], UnitText.Settings(text));
    }
}
