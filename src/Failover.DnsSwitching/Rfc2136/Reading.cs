using System.Collections.Immutable;
using Failover.DnsSwitching.Wire;

namespace Failover.DnsSwitching.Rfc2136;

/// <summary>What a name looks like, from the answers to three questions: its owner, its IPv4 and its IPv6 addresses. An alias is in each answer.</summary>
internal static class Reading
{
    internal static DnsRead Of(string name, IReadOnlyList<DnsQuestion> questions, IReadOnlyList<DnsReply> replies, string server, Refusals refusals)
    {
        List<ImmutableArray<DnsRecord>> found = [];
        foreach ((DnsQuestion question, DnsReply reply) in questions.Zip(replies))
        {
            switch (reply)
            {
                case DnsReply.NotSent notSent:
                    return new DnsRead.Failed($"{server} could not be reached: {notSent.Why}.");
                case DnsReply.Lost lost:
                    return new DnsRead.Failed($"{server}: {lost.Why}.");
                case DnsReply.Answered answer when refusals.WhyOf(answer, $"read {name}") is { } refusal:
                    return new DnsRead.Denied(refusal);
                case DnsReply.Answered { Doubt: { } doubt }:
                    return new DnsRead.Failed($"The answer of {server} is not to be believed: {doubt}.");
                case DnsReply.Answered { Message: { Code: DnsCode.NoError or DnsCode.NxDomain, IsAuthoritative: true, IsTruncated: false } message }:
                    found.Add([.. message.Answers.Where(record => record.Name == question.Name && record.Class == DnsType.Internet)]);
                    continue;
                case DnsReply.Answered { Message: { Code: DnsCode.NoError or DnsCode.NxDomain, IsAuthoritative: false } }:
                    return new DnsRead.Denied($"{server} does not answer for {question.Name} by its own authority: it is not a name server of the zone, or the name is delegated.");
                case DnsReply.Answered { Message.Code: var code }:
                    return new DnsRead.Failed($"{server} answers {code} for {question.Name}.");
            }
        }

        try
        {
            return new DnsRead.Found(StateOf(name, found));
        }
        catch (DnsFormatException exception)
        {
            return new DnsRead.Failed($"What {server} has for {name} cannot be switched: {exception.Message}.");
        }
    }

    private static DnsRecordState StateOf(string name, List<ImmutableArray<DnsRecord>> found)
    {
        DnsRecord[] texts = [.. found[0].Where(static record => record.Type == DnsType.Txt)];
        DnsRecord[] values = [.. found[1].Concat(found[2]).Where(static record => record.Type is DnsType.A or DnsType.Aaaa or DnsType.Cname)];
        TimeSpan? timeToLive = values.Length == 0 ? null : TimeSpan.FromSeconds(values.Max(static record => record.Ttl));
        return new(name, DnsValues.Of(values.Select(RecordData.ValueOf)), timeToLive, RecordData.TextOf(texts));
    }
}
