using System.Text;
using Failover.AspNetCore.Haproxy;

namespace Failover.AspNetCore.Tests.Haproxy;

public class AgentStateTests
{
    [Theory]
    [InlineData(true, true, false, false, "up ready 100%\n")]
    [InlineData(false, true, false, false, "down #unhealthy\n")]
    [InlineData(false, false, false, false, "down #starting\n")]
    [InlineData(false, true, true, false, "drain\n")]
    [InlineData(false, false, true, false, "drain\n")]
    [InlineData(false, true, true, true, "maint\n")]
    public void Each_line_holds_the_full_state(bool canServe, bool isStarted, bool isDraining, bool isClosing, string expected)
    {
        HealthVerdicts verdicts = new() { Operational = canServe, CanServe = canServe, Alive = true, IsStarted = isStarted, IsDraining = isDraining };

        Assert.Equal(expected, Encoding.ASCII.GetString(AgentState.Of(verdicts, isClosing).Span));
    }
}
