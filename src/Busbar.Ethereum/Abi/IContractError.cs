namespace Busbar.Ethereum.Abi;

/// <summary>What a contract reverted with, typed.</summary>
public interface IContractError
{
    /// <summary>The error's canonical signature, such as <c>NotRegulator(address)</c>.</summary>
    string ErrorSignature { get; }
}
