namespace Failover.EntityFrameworkCore.Tests.Shop;

/// <summary>Lets each commit of an order wait for advisory lock 1.</summary>
internal static class HeldCommits
{
    internal const string Sql =
        """
        create or replace function wait_for_leave() returns trigger language plpgsql as $$ begin perform pg_advisory_xact_lock(1); return null; end $$;
        drop trigger if exists wait_for_leave on "Orders";
        create constraint trigger wait_for_leave after insert on "Orders" deferrable initially deferred for each row execute function wait_for_leave();
        """;
}
