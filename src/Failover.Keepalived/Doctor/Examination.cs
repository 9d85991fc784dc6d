using Failover.Keepalived.Doctor.Hosts;
using Failover.Keepalived.Doctor.Reading;
using Failover.Keepalived.Doctor.Rules;

namespace Failover.Keepalived.Doctor;

/// <summary>What is looked at, and what was found.</summary>
internal sealed class Examination
{
    private IReadOnlyList<Unit>? _services;

    internal Examination(ConfigTree tree, PeerConfig? peer, IHost host, KeepalivedDoctorOptions options, Findings findings)
    {
        (Tree, Peer, Host, Options, Findings) = (tree, peer, host, options, findings);
        Instances = [.. tree.All("vrrp_instance").Select(line => new VrrpInstance(line, tree))];
        AppInstance = App is null ? null : Instances.FirstOrDefault(one => one.Name == App.Instance);
    }

    internal ConfigTree Tree { get; }

    /// <summary>The configuration of the other node, if it was given.</summary>
    internal PeerConfig? Peer { get; }

    internal IHost Host { get; }

    internal KeepalivedDoctorOptions Options { get; }

    internal KeepalivedOptions? App => Options.App;

    internal Findings Findings { get; }

    internal IReadOnlyList<VrrpInstance> Instances { get; }

    /// <summary>The instance that the app is about.</summary>
    internal VrrpInstance? AppInstance { get; }

    /// <summary>The services of systemd on the host.</summary>
    internal IReadOnlyList<Unit> Services => _services ??= [.. Unit.All(Host)];

    /// <summary>Whether the host is one that can be looked at.</summary>
    internal bool KnowsHost { get; init; } = true;

    /// <summary>The user that the app runs as; null if that is not known.</summary>
    internal HostUser? AppUser => Options.AppUser is { } name ? Host.User(name) : Host.Self is { Id: not 0 } self ? self : null;

    /// <summary>The same; where nobody is named, the one whom the FIFO is for.</summary>
    internal HostUser? Reader => AppUser ?? (Options.AppUser is null && Tree.Globals.FirstOrDefault(line => FifoRules.OfVrrp.Contains(line.Key) && line.Words.Count > 2 && (App is null || HostPath.Same(line.Value, App.Fifo))) is { } fifo ? Host.User(fifo.Words[2]) : null);

    /// <summary>The line for tmpfiles.d that makes a directory for the app.</summary>
    internal string Tmpfiles(string directory) => $"d {HostPath.Quoted(directory)} 0755 {Reader?.Name ?? Options.AppUser ?? "app"} root -";

    internal void Error(string code, ConfigLine line, string what, string cure) => Findings.Add(DoctorSeverity.Error, code, line, what, cure);

    internal void Error(string code, string key, string what, string cure) => Findings.Add(DoctorSeverity.Error, code, key, what, cure);

    internal void Warn(string code, ConfigLine line, string what, string cure) => Findings.Add(DoctorSeverity.Warning, code, line, what, cure);

    internal void Warn(string code, string key, string what, string cure) => Findings.Add(DoctorSeverity.Warning, code, key, what, cure);

    internal void Inform(string code, ConfigLine line, string what, string cure) => Findings.Add(DoctorSeverity.Information, code, line, what, cure);

    internal void Inform(string code, string key, string what, string cure) => Findings.Add(DoctorSeverity.Information, code, key, what, cure);
}
