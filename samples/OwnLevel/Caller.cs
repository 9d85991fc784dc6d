using System.Net.Sockets;
using Failover;

namespace OwnLevel;

/// <summary>Calls whoever should be called, and lets the group know how it went.</summary>
public static class Caller
{
    #region docs:meter
    public static async Task<string> CallAsync(FailoverGroup group, CancellationToken cancellationToken)
    {
        MemberSnapshot target = group.Snapshot.Route[0];
        long call = target.Meter.Start();
        try
        {
            using TcpClient client = new();
            await client.ConnectAsync(target.Member.Address.Host, target.Member.Address.Port, cancellationToken);
            using StreamReader reader = new(client.GetStream());
            string greeting = await reader.ReadLineAsync(cancellationToken) ?? throw new IOException("closed without a greeting");
            target.Meter.Succeeded(call);
            return greeting;
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            target.Meter.Failed(call);
            throw;
        }
        catch (OperationCanceledException)
        {
            target.Meter.Cancelled(call);
            throw;
        }
    }
    #endregion
}
