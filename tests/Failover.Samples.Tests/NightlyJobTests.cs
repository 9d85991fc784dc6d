using System.Globalization;
using System.Text.RegularExpressions;
using Failover.TestServers;

namespace Failover.Samples.Tests;

/// <summary>One of the samples that wait most of their time, one after the other, beside those that want a processor for themselves.</summary>
[Collection("beside the others")]
public sealed partial class NightlyJobTests
{
    [ServerFact("etcd")]
    public async Task A_job_runs_on_one_server_and_goes_on_on_the_other_when_that_is_stopped_killed_or_frozen()
    {
        await using var sample = Sample.Start("NightlyJob", []);

        int code = await sample.EndAsync();

        Assert.True(code == 0, sample.Output);
        string[] lines = sample.Output.Split(Environment.NewLine);
        Assert.Equal(6, lines.Count(static line => line.StartsWith("held ", StringComparison.Ordinal)));
        Assert.Equal(3, lines.Count(static line => GoesOn().IsMatch(line)));
        Row[] rows = [.. lines.Select(static line => TableRow().Match(line)).Where(static match => match.Success).Select(Row.Of)];
        (Row[] terms, Row late) = (rows[..^1], rows[^1]);

        // A standstill of this machine may cost a term more than the three that the story ends.
        Assert.True(terms.Length >= 4, sample.Output);
        Assert.All(terms, static term => Assert.True(term is { Applied: > 0, Refused: 0, Overlap: 0 }, term.ToString()));
        Assert.All(terms.Zip(terms.Skip(1)), static pair => Assert.True(pair.First.Token < pair.Second.Token, pair.ToString()));
        Assert.EndsWith(", late", late.Primary, StringComparison.Ordinal);
        Assert.Contains(terms, term => term.Token == late.Token && late.Primary == $"{term.Primary}, late");
        Assert.Equal((0, 1), (late.Applied, late.Refused));
        Assert.DoesNotContain(lines, static line => line.Contains("NightlyReport of nightly failed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task It_says_what_it_does_not_understand()
    {
        await using var sample = Sample.Start("NightlyJob", ["--serve"]);

        Assert.Equal(2, await sample.EndAsync());
    }

    [GeneratedRegex(@">> [ab] goes on after [\d,]+ ms, with token \d+\.")]
    private static partial Regex GoesOn();

    [GeneratedRegex(@"^(?<primary>[ab](, late)?) +(?<token>\d+) +[\d.]+ s +[\d.]+ s +(?<applied>\d+) +(?<refused>\d+) +(?<overlap>\d+) ms$")]
    private static partial Regex TableRow();

    private sealed record Row(string Primary, long Token, int Applied, int Refused, int Overlap)
    {
        internal static Row Of(Match match) => new(match.Groups["primary"].Value, Number(match, "token"), Number(match, "applied"), Number(match, "refused"), Number(match, "overlap"));

        private static int Number(Match match, string group) => int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);
    }
}
