using Microsoft.Extensions.Options;

namespace Failover.Keepalived.Configuration;

/// <summary>
/// Makes the configuration of keepalived for both nodes: the app decides by its credit, the address moves by weight and fails by FAULT, each change is told to the app, and no split brain leaves a black hole. For keepalived 2.2.7 or newer. Immutable, for
/// any thread.
/// </summary>
public sealed class KeepalivedConfig
{
    private readonly NodeText _a;
    private readonly NodeText _b;
    private readonly string _tmpfiles;
    private readonly string _appDropIn;

    /// <summary>Initializes the configuration of two nodes.</summary>
    /// <param name="options">What it is made of. Read once.</param>
    /// <exception cref="OptionsValidationException">A setting is not allowed; it names all that are not, with what is allowed.</exception>
    public KeepalivedConfig(KeepalivedConfigOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        IReadOnlyList<string> problems = KeepalivedConfigRules.Problems(options, nameof(KeepalivedConfigOptions));
        if (problems.Count > 0)
        {
            throw new OptionsValidationException(nameof(KeepalivedConfigOptions), typeof(KeepalivedConfigOptions), problems);
        }

        _a = NodeText.Of(options, options.NodeA, options.NodeB);
        _b = NodeText.Of(options, options.NodeB, options.NodeA);
        _tmpfiles = NodeText.TmpfilesOf(options);
        _appDropIn = NodeText.AppDropInOf(options);
    }

    /// <summary>Returns <c>/etc/keepalived/keepalived.conf</c> of a node. It must not be executable.</summary>
    /// <param name="node">The name of one of the two nodes, without regard to case.</param>
    /// <exception cref="ArgumentException">Neither node is called so.</exception>
    public string RenderFor(string node) => Of(node).Configuration;

    /// <summary>
    /// Returns <c>/etc/tmpfiles.d/failover.conf</c> for both nodes: the directory of the credit file and the FIFO belongs to the host. One that the app's unit makes (<c>RuntimeDirectory</c>) goes when the app stops, and keepalived never looks at the
    /// file again.
    /// </summary>
    public string RenderTmpfiles() => _tmpfiles;

    /// <summary>Returns <c>/etc/systemd/system/keepalived.service.d/failover.conf</c> of a node: a keepalived that was killed leaves the address behind, and its unit takes it away.</summary>
    /// <param name="node">The name of one of the two nodes, without regard to case.</param>
    /// <exception cref="ArgumentException">Neither node is called so.</exception>
    public string RenderKeepalivedDropInFor(string node) => Of(node).DropIn;

    /// <summary>
    /// Returns <c>/etc/systemd/system/&lt;app&gt;.service.d/failover.conf</c> for both nodes: the credit of an app that has ended, however that was, counts no longer, also where keepalived cannot see processes.
    /// </summary>
    public string RenderAppDropIn() => _appDropIn;

    private NodeText Of(string node)
    {
        ArgumentNullException.ThrowIfNull(node);
        return string.Equals(node, _a.Name, StringComparison.OrdinalIgnoreCase) ? _a
            : string.Equals(node, _b.Name, StringComparison.OrdinalIgnoreCase) ? _b
            : throw new ArgumentException($"'{node}' is neither {_a.Name} nor {_b.Name}.", nameof(node));
    }
}
