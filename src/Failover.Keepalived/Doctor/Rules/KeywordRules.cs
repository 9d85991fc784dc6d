using Failover.Keepalived.Doctor.Reading;

namespace Failover.Keepalived.Doctor.Rules;

/// <summary>Keywords that keepalived does not know, and passes over.</summary>
internal static class KeywordRules
{
    internal static void Look(Examination e)
    {
        foreach (ConfigLine line in e.Tree.Lines)
        {
            Look(e, line, Keywords.Root.Contains(line.Key), "outside of any block");
            if (Keywords.Inside.TryGetValue(line.Key, out var known))
            {
                foreach (ConfigLine inner in line.Block)
                {
                    Look(e, inner, known.Contains(inner.Key), $"in {line.Key}");
                }
            }
        }
    }

    private static void Look(Examination e, ConfigLine line, bool isKnown, string place)
    {
        if (!isKnown)
        {
            e.Warn(DoctorCode.UnknownKeyword, line, $"keepalived 2.2.7 to 2.4.3 know no keyword '{line.Key}' {place}: it is passed over, with all that it should do.", "Look at how it is spelt, and where the block above it ends.");
        }
    }
}
