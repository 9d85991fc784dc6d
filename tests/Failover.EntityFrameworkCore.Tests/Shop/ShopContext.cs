using Microsoft.EntityFrameworkCore;

namespace Failover.EntityFrameworkCore.Tests.Shop;

public sealed class ShopContext(DbContextOptions<ShopContext> options) : DbContext(options)
{
    public DbSet<Order> Orders => Set<Order>();

    public async Task<int> CountAsync(string item)
    {
        ChangeTracker.Clear();
        return await Orders.CountAsync(order => order.Item == item);
    }
}

public sealed class Order
{
    public int Id { get; set; }

    public required string Item { get; set; }
}
