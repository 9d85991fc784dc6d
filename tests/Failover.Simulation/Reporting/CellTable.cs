using System.Globalization;
using System.Text;
using Failover.Engine;

namespace Failover.Simulation.Reporting;

/// <summary>How often each event met each condition.</summary>
internal sealed class CellTable
{
    internal static readonly Type[] Events =
    [
        typeof(ProbeCompleted), typeof(MeterRead), typeof(HintReceived), typeof(LeaseGranted), typeof(LeaseLost), typeof(SwitchCompleted), typeof(SwitchRequested),
        typeof(Drained), typeof(PinChanged), typeof(LineageTrusted), typeof(MembersChanged), typeof(OptionsChanged), typeof(Tick),
    ];

    private static readonly GroupCondition[] Conditions = Enum.GetValues<GroupCondition>();

    private readonly long[,] _counts = new long[Conditions.Length, Events.Length];

    /// <summary>All events but ticks.</summary>
    internal long Total { get; private set; }

    internal long Ticks { get; private set; }

    internal void Count(GroupCondition condition, GroupEvent happened)
    {
        int column = Column(happened);
        _counts[(int)condition, column]++;
        if (happened is Tick)
        {
            Ticks++;
        }
        else
        {
            Total++;
        }
    }

    internal void Add(CellTable other)
    {
        for (int i = 0; i < Conditions.Length; i++)
        {
            for (int j = 0; j < Events.Length; j++)
            {
                _counts[i, j] += other._counts[i, j];
            }
        }

        Total += other.Total;
        Ticks += other.Ticks;
    }

    internal IEnumerable<string> Unvisited() =>
        from condition in Conditions
        from column in Enumerable.Range(0, Events.Length)
        where _counts[(int)condition, column] == 0
        select $"{condition} × {Events[column].Name}";

    /// <summary>The table as text; also valid Markdown.</summary>
    public override string ToString()
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"| {"event",-16} |");
        foreach (GroupCondition condition in Conditions)
        {
            text.Append(CultureInfo.InvariantCulture, $" {condition,11} |");
        }

        text.AppendLine().Append("|------------------|");
        foreach (GroupCondition _ in Conditions)
        {
            text.Append("------------:|");
        }

        for (int column = 0; column < Events.Length; column++)
        {
            text.AppendLine().Append(CultureInfo.InvariantCulture, $"| {Events[column].Name,-16} |");
            foreach (GroupCondition condition in Conditions)
            {
                text.Append(CultureInfo.InvariantCulture, $" {_counts[(int)condition, column],11:N0} |");
            }
        }

        return text.AppendLine().ToString();
    }

    private static int Column(GroupEvent happened) => happened switch
    {
        ProbeCompleted => 0,
        MeterRead => 1,
        HintReceived => 2,
        LeaseGranted => 3,
        LeaseLost => 4,
        SwitchCompleted => 5,
        SwitchRequested => 6,
        Drained => 7,
        PinChanged => 8,
        LineageTrusted => 9,
        MembersChanged => 10,
        OptionsChanged => 11,
        _ => 12,
    };
}
