using Microsoft.EntityFrameworkCore;

namespace OrdersOnPatroni.Shop;

internal sealed class OrdersContext(DbContextOptions<OrdersContext> options) : DbContext(options)
{
    public DbSet<Order> Orders => Set<Order>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.Entity<Order>(order =>
    {
        order.ToTable("orders");
        order.Property(static o => o.Number).HasColumnName("number");
        order.Property(static o => o.Timeline).HasColumnName("timeline").HasDefaultValueSql("('x' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8))::bit(32)::int");
    });
}
