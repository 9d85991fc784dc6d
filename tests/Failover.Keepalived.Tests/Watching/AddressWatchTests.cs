using System.Net;
using Failover.Keepalived.Watching;

namespace Failover.Keepalived.Tests.Watching;

public class AddressWatchTests
{
    [Fact]
    public void An_address_of_this_machine_is_here_and_one_of_documentation_is_not()
    {
        Assert.True(AddressWatch.IsHere(IPAddress.Loopback));
        Assert.False(AddressWatch.IsHere(IPAddress.Parse("192.0.2.1")));
        Assert.False(AddressWatch.IsHere(IPAddress.Parse("2001:db8::1")));
    }

    [Fact]
    public void Who_asks_while_it_looks_has_it_look_once_more_and_does_not_wait()
    {
        List<bool> seen = [];
        int looks = 0;
        AddressWatch? watch = null;
        watch = new(Look, seen.Add, static failure => Assert.Fail(failure.Message));

        watch.Look();

        Assert.Equal([false, true], seen);

        bool Look()
        {
            if (++looks == 1)
            {
                // The address comes while the old list is being read.
                watch!.Look();
                watch.Look();
            }

            return looks > 1;
        }
    }

    [Fact]
    public void A_look_that_fails_says_nothing_of_the_address_and_is_told_once_until_it_succeeds()
    {
        List<bool> seen = [];
        List<Exception> failures = [];
        bool fails = true;
        using AddressWatch watch = new(() => fails ? throw new IOException("changing") : true, seen.Add, failures.Add);

        watch.Look();
        watch.Look();
        Assert.Empty(seen);
        Assert.Single(failures);

        fails = false;
        watch.Look();
        fails = true;
        watch.Look();
        Assert.Equal([true], seen);
        Assert.Equal(2, failures.Count);
    }

    [Fact]
    public void After_its_end_it_looks_no_more()
    {
        List<bool> seen = [];
        AddressWatch watch = new(static () => true, seen.Add, static _ => { });
        watch.Start();
        watch.Dispose();

        watch.Look();

        Assert.Empty(seen);
    }
}
