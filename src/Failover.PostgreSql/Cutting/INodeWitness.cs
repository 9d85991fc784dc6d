namespace Failover.PostgreSql.Cutting;

/// <summary>Hears what the traffic of real calls says of a node. Called from any thread, in the middle of a call: it must be cheap, and not throw.</summary>
internal interface INodeWitness
{
    /// <summary>The server sent an error that speaks of the node: 25006, 57P01 to 57P03, class 08, or any that ends the session.</summary>
    void ServerError(string sqlState, bool isFatal);

    /// <summary>A connection that was open ended, was reset or gave no answer in time; not one that we cut for another reason.</summary>
    void ConnectionLost();
}
