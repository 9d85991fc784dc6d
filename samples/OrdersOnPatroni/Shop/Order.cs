namespace OrdersOnPatroni.Shop;

internal sealed class Order
{
    public long Id { get; private set; }

    /// <summary>The customer's own number. It is not unique in the table, so that an order that was taken twice is there twice.</summary>
    public required long Number { get; init; }

    public required string Item { get; init; }

    /// <summary>Which primary took it: each promotion begins a timeline. The database sets it.</summary>
    public int Timeline { get; private set; }
}
