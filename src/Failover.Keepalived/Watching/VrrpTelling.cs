using Microsoft.Extensions.Logging;

namespace Failover.Keepalived.Watching;

/// <summary>Logs what a view has that the one before had not: each change once.</summary>
internal static class VrrpTelling
{
    internal static void Write(ILogger logger, string group, VrrpNames names, VrrpView before, VrrpView now)
    {
        if (now.Attachments != before.Attachments)
        {
            Log.Found(logger, group, names.Fifo, now.Attachments);
        }

        if (now.Standing != before.Standing)
        {
            WriteStanding(logger, group, names, now.Standing);
        }

        if (now.IsUnclear && !before.IsUnclear)
        {
            Log.Unknown(logger, group, names.Address);
        }

        if (now.Problem == before.Problem)
        {
            return;
        }

        if (now.Problem is { } problem)
        {
            Log.Problem(logger, group, problem);
        }
        else
        {
            Log.ProblemOver(logger, group);
        }
    }

    private static void WriteStanding(ILogger logger, string group, VrrpNames names, VrrpStanding standing)
    {
        switch (standing)
        {
            case VrrpStanding.Master:
                Log.Master(logger, group, names.Address);
                break;
            case VrrpStanding.Backup:
                Log.Backup(logger, group, names.Address);
                break;
            case VrrpStanding.Fault:
                Log.Fault(logger, group, names.Address);
                break;
            case VrrpStanding.DaemonLost:
                Log.DaemonLost(logger, group, names.Address);
                break;
            case VrrpStanding.StrandedAddress:
                Log.StrandedAddress(logger, group, names.Address);
                break;
            case VrrpStanding.NoMaster:
                Log.NoMaster(logger, group, names.Address, names.Peer);
                break;
            case VrrpStanding.DualMaster:
                Log.DualMaster(logger, group, names.Address);
                break;
            default:
                // Told when it has been so for a while.
                break;
        }
    }
}
