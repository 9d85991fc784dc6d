using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Xml.Linq;
using Failover.TestServers.Network;

namespace Failover.TestServers.Aws;

/// <summary>
/// Stands in for Route 53 and RDS, and is as strict as they are: signatures and clocks are checked, batches are atomic, a deletion has to name a set exactly, versions of health checks count. AWS's own command line works with it, too.
/// </summary>
public sealed class AwsStandIn : IAsyncDisposable
{
    /// <summary>The key that may do anything.</summary>
    public const string Key = "AKIAFAILOVERTESTS001";

    /// <summary>The secret of <see cref="Key"/>.</summary>
    public const string Secret = "tests-secret/1234567890/abcdefghijklmnop";

    /// <summary>The region of databases.</summary>
    public const string Region = "eu-west-1";

    private readonly Acceptor _acceptor;
    private readonly Lock _lock = new();
    private readonly Queue<DateTimeOffset> _taken = [];

    private AwsStandIn()
    {
        Route53 = new(() => Time.GetUtcNow());
        _acceptor = new(ServeAsync);
        Address = new($"http://{_acceptor.EndPoint}");
    }

    /// <summary>Gets where it is.</summary>
    public Uri Address { get; }

    /// <summary>Gets or sets its clock.</summary>
    public TimeProvider Time { get; set; } = TimeProvider.System;

    /// <summary>Gets who may sign, by their keys.</summary>
    public ConcurrentDictionary<string, AwsIdentity> Identities { get; } = new(StringComparer.Ordinal) { [Key] = new AwsIdentity(Secret) };

    /// <summary>Gets the zones and health checks.</summary>
    public Route53Storage Route53 { get; }

    /// <summary>Gets the databases.</summary>
    public RdsStorage Rds { get; } = new();

    /// <summary>Gets or sets how many requests of Route 53 are taken within a second, as AWS does with five; null for any number.</summary>
    public int? RequestsPerSecond { get; set; }

    /// <summary>Gets or sets what goes wrong with a request, by its action (<c>route53:GetChange</c>) and how many of that action came before; null for nothing.</summary>
    public Func<string, int, AwsFaultKind?> Interfere { get; set; } = static (_, _) => null;

    /// <summary>Gets or sets whether a batch that is refused is told in the second of its two shapes.</summary>
    public bool TellsBatchesAsRoot { get; set; }

    /// <summary>Gets the actions that were asked for, in order.</summary>
    public ConcurrentQueue<string> Asked { get; } = [];

    /// <summary>Starts on a free port.</summary>
    public static AwsStandIn Start() => new();

    /// <summary>Closes all connections.</summary>
    public ValueTask DisposeAsync() => _acceptor.DisposeAsync();

    private async Task ServeAsync(TcpClient client, CancellationToken stop)
    {
        NetworkStream stream = client.GetStream();
        AwsCall call = await AwsWire.ReadAsync(stream, stop);
        (int status, byte[]? body) = Answer(call);
        if (body is null)
        {
            if (status == 0)
            {
                await Task.Delay(Timeout.Infinite, stop);
            }

            client.Client.LingerState = new(true, 0);
            return;
        }

        await AwsWire.WriteAsync(stream, status, body, Time.GetUtcNow(), stop);
    }

    /// <returns>No body: nothing is answered, and with the status 0 nor is the connection closed.</returns>
    private (int Status, byte[]? Body) Answer(AwsCall call)
    {
        bool isRds = call.Path == "/";
        XNamespace space = isRds ? RdsStorage.Space : Route53Storage.Space;
        try
        {
            call.Action = isRds ? RdsStorage.ActionOf(call) : Route53Storage.ActionOf(call);
            int before = Asked.Count(action => action == call.Action);
            Asked.Enqueue(call.Action);
            AwsFaultKind? fault = Interfere(call.Action, before);
            switch (fault)
            {
                case AwsFaultKind.Hang:
                    return (0, null);
                case AwsFaultKind.Drop:
                    return (-1, null);
                case AwsFaultKind.Garbage:
                    return (200, Encoding.UTF8.GetBytes("<html><body>Welcome to the guest network</p>"));
                case AwsFaultKind.EmptyAnswer:
                    return (200, Encoding.UTF8.GetBytes($"<Nothing xmlns=\"{space}\"/>"));
                case AwsFaultKind.ServiceUnavailable:
                    throw AwsRefusal.Of(503, "ServiceUnavailable", "Service Unavailable");
                case AwsFaultKind.Throttle:
                    throw AwsRefusal.Of(400, "Throttling", "Rate exceeded");
                case AwsFaultKind.PriorRequest:
                    throw AwsRefusal.Of(400, "PriorRequestNotComplete", "The request was rejected because Route 53 was still processing a prior request.");
            }

            AwsIdentity identity = AwsSignatureCheck.Verify(call, Identities, isRds ? Region : "us-east-1", isRds ? "rds" : "route53", Time.GetUtcNow());
            if (!isRds)
            {
                Limit();
            }

            (int status, XElement answer) = isRds ? (200, Rds.Do(call, identity)) : Route53.Do(call, identity);
            return fault switch
            {
                AwsFaultKind.LoseAnswer => (-1, null),
                AwsFaultKind.DoneAndInternalFailure => throw AwsRefusal.Of(500, "InternalFailure", "An internal error occurred."),
                _ => (status, Encode(AwsXml.In(answer, space))),
            };
        }
        catch (AwsRefusal refusal)
        {
            return (refusal.Status, Encode(refusal.Body(space, TellsBatchesAsRoot && refusal.Code == "InvalidChangeBatch")));
        }
    }

    private void Limit()
    {
        lock (_lock)
        {
            DateTimeOffset now = Time.GetUtcNow();
            while (_taken.TryPeek(out DateTimeOffset first) && now - first >= TimeSpan.FromSeconds(1))
            {
                _taken.Dequeue();
            }

            if (_taken.Count >= RequestsPerSecond)
            {
                throw AwsRefusal.Of(400, "Throttling", "Rate exceeded");
            }

            _taken.Enqueue(now);
        }
    }

    private static byte[] Encode(XElement answer) => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"<?xml version=\"1.0\"?>\n{answer.ToString(SaveOptions.DisableFormatting)}"));
}
