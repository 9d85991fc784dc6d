using System.Net.Sockets;
using System.Text;
using Failover;

namespace OwnLevel;

#region docs:probe
/// <summary>Healthy is a server that greets with a line that begins with «220».</summary>
public sealed class GreetingProbe : IMemberProbe
{
    public async ValueTask<ProbeResult> ProbeAsync(FailoverMember member, CancellationToken cancellationToken)
    {
        using TcpClient client = new();
        try
        {
            await client.ConnectAsync(member.Address.Host, member.Address.Port, cancellationToken);
            byte[] answer = new byte[3];
            await client.GetStream().ReadExactlyAsync(answer, cancellationToken);
            return Encoding.ASCII.GetString(answer) switch
            {
                "220" => ProbeResult.Success(),
                "421" => ProbeResult.Draining("says that it is closing"),
                _ => ProbeResult.Failure("did not greet with 220"),
            };
        }
        catch (SocketException e)
        {
            return ProbeResult.Failure(e.SocketErrorCode.ToString());
        }
        catch (IOException)
        {
            return ProbeResult.Failure("closed before the greeting was complete");
        }
    }
}
#endregion
