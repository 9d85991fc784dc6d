namespace Storefront;

/// <summary>A typed client like any other: that there are two catalogs is not its business.</summary>
internal sealed class CatalogClient(HttpClient http)
{
    public async Task<Catalog> GetProductsAsync(CancellationToken cancellationToken) =>
        await http.GetFromJsonAsync<Catalog>("products", cancellationToken) ?? throw new InvalidDataException("The catalog is empty.");
}

/// <summary>What the catalog sells, and which of its servers said so.</summary>
internal sealed record Catalog(string ServedBy, IReadOnlyList<Product> Products);

/// <summary>A product.</summary>
internal sealed record Product(string Name, decimal Price);
