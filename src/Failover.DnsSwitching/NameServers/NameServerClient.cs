using System.Net;
using System.Net.Sockets;
using DnsClient;
using DnsClient.Protocol;

namespace Failover.DnsSwitching;

/// <summary>Asks one name server itself, past every cache, what a name holds. For one caller at a time.</summary>
internal sealed class NameServerClient(NameServerAddress address)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private LookupClient? _client;

    internal NameServerAddress Address => address;

    /// <summary>Returns what it answers. It throws for nothing but a cancellation.</summary>
    internal async Task<NameServerAnswer> AskAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            _client ??= await ConnectAsync(cancellationToken).ConfigureAwait(false);
            List<DnsResourceRecord> found = [];
            foreach (QueryType type in (QueryType[])[QueryType.A, QueryType.AAAA])
            {
                IDnsQueryResponse answer = await _client.QueryAsync(name, type, cancellationToken: cancellationToken).ConfigureAwait(false);
                if (answer.Header.ResponseCode is not (DnsHeaderResponseCode.NoError or DnsHeaderResponseCode.NotExistentDomain))
                {
                    return new(null, null, $"it answers {answer.Header.ResponseCode}");
                }

                found.AddRange(answer.Answers.Where(record => IsOf(record, name)));
            }

            return new(ValuesOf(found), found.Count == 0 ? null : TimeSpan.FromSeconds(found.Max(static record => record.InitialTimeToLive)), null)
            {
                InOrder = [.. found.OfType<AddressRecord>().Select(static record => record.Address)],
            };
        }
        catch (Exception failure) when (failure is DnsResponseException or SocketException or FormatException or ArgumentException or InvalidOperationException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();

            // Its address may have changed.
            _client = null;
            return new(null, null, failure.GetBaseException() is SocketException socket ? $"no answer ({socket.SocketErrorCode})" : "no answer in time") { IsSilent = true };
        }
    }

    private static bool IsOf(DnsResourceRecord record, string name) => string.Equals(record.DomainName.Value.TrimEnd('.'), name, StringComparison.OrdinalIgnoreCase);

    private static DnsValues ValuesOf(IEnumerable<DnsResourceRecord> records) => DnsValues.Parse(records.Select(static record => record switch
    {
        AddressRecord its => its.Address.ToString(),
        CNameRecord alias => alias.CanonicalName.Value,
        _ => null,
    }).OfType<string>());

    private async Task<LookupClient> ConnectAsync(CancellationToken cancellationToken)
    {
        IPEndPoint where = await address.FindAsync(cancellationToken).ConfigureAwait(false);
        return new(new LookupClientOptions(where)
        {
            UseCache = false,
            Recursion = false,
            Retries = 0,
            Timeout = Patience,
            ThrowDnsErrors = false,
            ContinueOnDnsError = false,
            ContinueOnEmptyResponse = false,
        });
    }
}
