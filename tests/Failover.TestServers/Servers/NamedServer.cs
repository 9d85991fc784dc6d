using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Failover.TestServers.Servers;

/// <summary>A real name server (BIND) with one zone, in which a name leads to an instance as it does at RDS: by a CNAME that is moved. Asked over UDP, on the loopback alone.</summary>
public sealed class NamedServer : LoopbackServer
{
    /// <summary>The zone.</summary>
    public const string Zone = "rds.test";

    /// <summary>The name that clients know.</summary>
    public const string Name = $"db.{Zone}";

    private const ushort TypeA = 1;

    private string _leadsTo;
    private uint _serial;

    private NamedServer(string leadsTo) => _leadsTo = leadsTo;

    /// <inheritdoc/>
    protected override string ReadyWords => "running\n";

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Command => [RequiredServer.Locate("named"), "-g", "-4", "-n", "1", "-c", Path.Combine(Folder, "named.conf")];

    private string ZoneFile => Path.Combine(Folder, "zone");

    /// <summary>Starts a server whose name leads to an address of the loopback.</summary>
    public static Task<NamedServer> StartAsync(IPAddress leadsTo) => StartedAsync(new NamedServer(Label(leadsTo)));

    /// <summary>Moves the CNAME, and waits until the server says so.</summary>
    public async Task FlipAsync(IPAddress address)
    {
        _leadsTo = Label(address);
        await WriteZoneAsync();
        Signals.Reload(ProcessId);
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(30));
        using PeriodicTimer look = new(TimeSpan.FromMilliseconds(20));
        while (!(await AskAsync(limit.Token)).Contains(address))
        {
            await look.WaitForNextTickAsync(limit.Token);
        }
    }

    /// <summary>Asks the server where the name leads: the addresses behind the CNAME. Asks again where an answer is lost.</summary>
    public async Task<IPAddress[]> AskAsync(CancellationToken cancellationToken)
    {
        using UdpClient client = new(AddressFamily.InterNetwork);
        client.Connect(IPAddress.Loopback, Port);
        byte[] question = Question();
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await client.SendAsync(question, cancellationToken);
            using CancellationTokenSource once = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            once.CancelAfter(TimeSpan.FromSeconds(2));
            try
            {
                return AddressesIn((await client.ReceiveAsync(once.Token)).Buffer);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
            }
        }
    }

    /// <inheritdoc/>
    protected override async Task PrepareAsync()
    {
        await File.WriteAllTextAsync(
            Path.Combine(Folder, "named.conf"),
            $$"""
            options {
              directory "{{Folder}}";
              pid-file none;
              session-keyfile none;
              listen-on port {{Port}} { 127.0.0.1; };
              listen-on-v6 { none; };
              recursion no;
              notify no;
              dnssec-validation no;
            };
            controls { };
            zone "{{Zone}}" { type primary; file "{{ZoneFile}}"; };
            """);
        await WriteZoneAsync();
    }

    private static string Label(IPAddress address) => $"i-{address.ToString().Replace('.', '-')}";

    private Task WriteZoneAsync() => File.WriteAllTextAsync(
        ZoneFile,
        $"""
        $TTL 5
        @ IN SOA ns hostmaster {++_serial} 60 60 600 5
        @ IN NS ns
        ns IN A 127.0.0.1
        i-127-0-0-1 IN A 127.0.0.1
        i-127-0-0-2 IN A 127.0.0.2
        db IN CNAME {_leadsTo}

        """);

    private static byte[] Question()
    {
        using MemoryStream message = new();
        message.Write([0x12, 0x34, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
        foreach (string label in Name.Split('.'))
        {
            message.WriteByte((byte)label.Length);
            message.Write(Encoding.ASCII.GetBytes(label));
        }

        message.Write([0, 0, (byte)TypeA, 0, 1]);
        return message.ToArray();
    }

    private static IPAddress[] AddressesIn(byte[] message)
    {
        int at = Name.Length + 2 + 12 + 4;
        List<IPAddress> addresses = [];
        for (int left = BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(6)); left > 0; left--)
        {
            while (message[at] is > 0 and < 0xC0)
            {
                at += message[at] + 1;
            }

            at += message[at] == 0 ? 1 : 2;
            int length = BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(at + 8));
            if (BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(at)) == TypeA)
            {
                addresses.Add(new IPAddress(message.AsSpan(at + 10, length)));
            }

            at += 10 + length;
        }

        return [.. addresses];
    }
}
