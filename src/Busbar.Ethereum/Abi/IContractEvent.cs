namespace Busbar.Ethereum.Abi;

/// <summary>What a contract logged, typed.</summary>
public interface IContractEvent
{
    /// <summary>The event's canonical signature, such as <c>Transfer(address,address,uint256)</c>.</summary>
    string EventSignature { get; }
}
