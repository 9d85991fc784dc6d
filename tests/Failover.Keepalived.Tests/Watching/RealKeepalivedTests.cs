using System.Collections.Concurrent;
using Failover.Keepalived.Sites;
using Failover.Keepalived.Tests.Real;
using Failover.Keepalived.Watching;
using Failover.TestServers.Virtual;
using Microsoft.Extensions.Logging.Testing;

namespace Failover.Keepalived.Tests.Watching;

/// <summary>What the observer makes of a real keepalived, alone on its network, whatever befalls it.</summary>
public sealed class RealKeepalivedTests : IAsyncLifetime
{
    private readonly FakeLogger _logger = new();
    private ConcurrentQueue<VrrpView> _seen = new();
    private VirtualSite? _site;
    private VrrpObserver? _observer;

    public Task InitializeAsync() => Task.CompletedTask;

    [SiteFact]
    public async Task A_reload_changes_nothing_a_killed_child_is_back_and_a_killed_keepalived_strands_the_address()
    {
        VirtualNode node = await PreparedAsync();
        Observe(node);
        await UntilAsync(static view => view.Problem is { } problem && problem.Contains("is missing", StringComparison.Ordinal));

        await node.StartKeepalivedAsync();
        await UntilAsync(static view => view is { Standing: VrrpStanding.Master, Role: VrrpRole.Master, OwnsAddress: true, Attachments: 1, Problem: null });
        Assert.Contains(_seen, static view => view.Standing == VrrpStanding.Backup);
        node.WriteCredit(200);
        await UntilAsync(static view => view.Priority == 250);

        // It tells BACKUP_PRIORITY alone, and has closed the FIFO and made another.
        _seen.Clear();
        node.Keepalived.Reload();
        await UntilAsync(static view => view is { Attachments: 2, IsAttached: true, Priority: 250 });
        node.WriteCredit(199);
        await UntilAsync(static view => view.Priority == 249);
        Assert.True(_seen.All(static view => (view.Role, view.Standing, view.Problem) == (VrrpRole.Master, VrrpStanding.Master, null)), Told());

        // In FAULT it tells nothing at all.
        node.WriteCredit(-254);
        await UntilAsync(static view => view is { Standing: VrrpStanding.Fault, IsFault: true, Role: VrrpRole.Out, OwnsAddress: false });
        _seen.Clear();
        node.Keepalived.Reload();
        await UntilAsync(static view => view is { Attachments: 3, IsAttached: true });
        Assert.True(_seen.All(static view => (view.Standing, view.IsFault) == (VrrpStanding.Fault, true)), Told());
        node.WriteCredit(200);
        await UntilAsync(static view => view is { Standing: VrrpStanding.Master, OwnsAddress: true, Priority: 250, IsFault: false });

        // The child begins with what its configuration says of the file.
        _seen.Clear();
        await node.Keepalived.KillChildAsync();
        await UntilAsync(static view => view is { Attachments: 4, Standing: VrrpStanding.Master, OwnsAddress: true, Priority: 50 });
        Assert.Contains(_seen, static view => view.Standing == VrrpStanding.Backup);

        await node.Keepalived.KillAsync();
        await UntilAsync(static view => view is { Standing: VrrpStanding.StrandedAddress, Role: VrrpRole.Out, IsAttached: false, OwnsAddress: true });
        Assert.Contains("has left", _observer!.View.Problem, StringComparison.Ordinal);

        // keepalived removes what was stranded when it starts.
        await node.StartKeepalivedAsync();
        await UntilAsync(static view => view is { Attachments: 5, Standing: VrrpStanding.Master, OwnsAddress: true, Problem: null });
    }

    [SiteFact]
    public async Task A_late_reader_goes_by_the_last_of_the_lines_that_had_waited_and_a_stop_is_told_as_that()
    {
        VirtualNode node = await PreparedAsync();
        await node.StartKeepalivedAsync();
        await Until.SoAsync(() => node.OwnsAddress, () => $"the address to be here\n{node.Keepalived.Log}");
        Observe(node);
        await UntilAsync(static view => view is { Standing: VrrpStanding.Master, OwnsAddress: true, Lines: 2 });
        Assert.DoesNotContain(_seen, static view => view.Standing == VrrpStanding.Backup);

        // The next app finds what was said between the two.
        await _observer!.DisposeAsync();
        node.WriteCredit(-254);
        await Until.SoAsync(() => !node.OwnsAddress, () => $"the address to leave\n{node.Keepalived.Log}");
        _seen = new();
        Observe(node);
        await UntilAsync(static view => view is { Standing: VrrpStanding.Fault, IsFault: true, Lines: 1 });
        node.WriteCredit(200);
        await UntilAsync(static view => view is { Standing: VrrpStanding.Master, OwnsAddress: true });

        await node.LinkDownAsync();
        await UntilAsync(static view => view is { Standing: VrrpStanding.Fault, OwnsAddress: false });
        await node.LinkUpAsync();
        await UntilAsync(static view => view is { Standing: VrrpStanding.Master, OwnsAddress: true });

        await node.Keepalived.StopAsync();
        await UntilAsync(static view => view is { Standing: VrrpStanding.DaemonLost, IsAttached: false, Problem: "keepalived was stopped", OwnsAddress: false });
    }

    public async Task DisposeAsync()
    {
        if (_observer is not null)
        {
            await _observer.DisposeAsync();
        }

        if (_site is not null)
        {
            await _site.DisposeAsync();
        }
    }

    private async Task<VirtualNode> PreparedAsync()
    {
        _site = await VirtualSite.PreparedAsync(new VirtualSiteOptions { Configuration = ConfigurationOf });
        return _site.A;
    }

    private void Observe(VirtualNode node)
    {
        KeepalivedOptions options = new() { Fifo = node.Fifo, Address = VirtualSite.Address, Node = "node-a", Peer = "node-b" };
        _observer = new(options, "site", new FakePeers(), new FakeForeign(), TimeProvider.System, _logger, () => node.OwnsAddress);
        _observer.Changed += _seen.Enqueue;
        _observer.Start();
    }

    private Task UntilAsync(Func<VrrpView, bool> isSo) => Until.SoAsync(() => isSo(_observer!.View), Told);

    private string Told() => $"now {_observer!.View.Told()}\n{string.Join('\n', _seen.Select(static view => view.Told()))}\n{_site!.A.Keepalived.Log}";

    /// <summary>Nothing of an app is tracked but its credit.</summary>
    private static string ConfigurationOf(VirtualNode node) => $$"""
        global_defs {
          router_id {{node.Name}}
          vrrp_version 3
          vrrp_notify_fifo {{node.Fifo}}
          vrrp_notify_priority_changes true
        }
        track_file credit {
          file "{{node.CreditFile}}"
          weight 1
          init_file 0 overwrite
        }
        vrrp_instance VI_1 {
          state BACKUP
          interface eth0
          virtual_router_id 77
          priority 50
          advert_int 0.1
          virtual_ipaddress {
            {{VirtualSite.Address}}/24 dev eth0
          }
          track_file {
            credit
          }
        }

        """;
}
