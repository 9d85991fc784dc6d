using Grpc.Core;

namespace Failover.Http.Tests.Protocols.Survival;

/// <summary>Answers each order as it comes, as long as the caller has one, and says at the end how many there were.</summary>
internal sealed class TalkingService : Orders.OrdersBase
{
    public override async Task Talk(IAsyncStreamReader<Order> requestStream, IServerStreamWriter<Receipt> responseStream, ServerCallContext context)
    {
        int orders = 0;
        await foreach (Order order in requestStream.ReadAllAsync(context.CancellationToken))
        {
            orders++;
            await responseStream.WriteAsync(new Receipt { Id = order.Id, Backend = $"{context.GetHttpContext().Connection.LocalPort}" }, context.CancellationToken);
        }

        context.ResponseTrailers.Add("orders", $"{orders}");
    }
}
