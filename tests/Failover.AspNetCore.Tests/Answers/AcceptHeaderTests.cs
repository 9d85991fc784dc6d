using Failover.AspNetCore.Answers;

namespace Failover.AspNetCore.Tests.Answers;

public class AcceptHeaderTests
{
    [Fact]
    public void Whatever_is_sent_is_read_to_its_end_and_text_is_not_taken_for_wanted_where_it_is_not_named()
    {
        int seed = Environment.TickCount;
        Random random = new(seed);
        string[] parts = ["text/plain", "application/json", "application/health+json", "*/*", ";", "q=", "q=0.5", "q=1e9", "q=NaN", ",", " ", "\"", "=", "\u00ff", "0", "."];
        for (int run = 0; run < 20_000; run++)
        {
            string header = string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => parts[random.Next(parts.Length)]));
            bool prefersText = AcceptHeader.PrefersText(header);

            Assert.True(!prefersText || header.Contains("text/plain", StringComparison.Ordinal), $"Seed {seed}: '{header}'");
        }
    }
}
