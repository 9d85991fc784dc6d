using Refit;

namespace Failover.Http.Tests.Protocols;

/// <summary>An API as Refit users write it.</summary>
public interface IOrdersApi
{
    [Get("/orders/{id}")]
    Task<string> GetAsync(string id);

    [Post("/orders")]
    Task<string> PostAsync([Body] string order);
}
