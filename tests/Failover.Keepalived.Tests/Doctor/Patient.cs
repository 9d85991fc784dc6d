using Failover.Keepalived.Configuration;
using Failover.Keepalived.Doctor;
using Failover.Keepalived.Tests.Configuration;
using Xunit;

namespace Failover.Keepalived.Tests.Doctor;

/// <summary>A node whose configuration, host and app are well, until a test makes one mistake.</summary>
internal sealed class Patient
{
    internal const string Path = "/etc/keepalived/keepalived.conf";
    internal const string PeerPath = "/tmp/node-b.conf";

    internal Patient()
        : this(Given.EverythingOptions())
    {
    }

    internal Patient(KeepalivedConfigOptions options)
    {
        KeepalivedConfig config = new(options);
        (Text, PeerText) = (config.RenderFor("node-a"), config.RenderFor("node-b"));
    }

    internal string Text { get; set; }

    internal string PeerText { get; set; }

    internal FakeHost Host { get; } = new();

    internal KeepalivedDoctorOptions Options { get; } = new() { App = Given.App(), AppUser = "app", PeerPath = PeerPath };

    internal bool KnowsHost { get; set; } = true;

    /// <summary>Writes something else in this node's file.</summary>
    internal void Replace(string old, string other)
    {
        Assert.Contains(old, Text, StringComparison.Ordinal);
        Text = Text.Replace(old, other, StringComparison.Ordinal);
    }

    /// <summary>Writes something else in the files of both nodes.</summary>
    internal void ReplaceOnBoth(string old, string other)
    {
        Replace(old, other);
        ReplaceOnPeer(old, other);
    }

    internal void ReplaceOnPeer(string old, string other)
    {
        Assert.Contains(old, PeerText, StringComparison.Ordinal);
        PeerText = PeerText.Replace(old, other, StringComparison.Ordinal);
    }

    internal IReadOnlyList<DoctorFinding> Examine()
    {
        Host.AddFile(Path, Text);
        Host.AddFile(PeerPath, PeerText);
        return ExamineAsItIs();
    }

    internal IReadOnlyList<DoctorFinding> ExamineAsItIs() => KeepalivedDoctor.Examine(Path, Options, Host, KnowsHost);
}
