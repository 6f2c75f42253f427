namespace Busbar.Ethereum.Transactions;

/// <summary>The kinds of transaction that this client writes and reads; the numbers are those of EIP-2718.</summary>
public enum TransactionType
{
    /// <summary>The first kind, with a gas price; bound to a chain by EIP-155 or to none.</summary>
    Legacy = 0,

    /// <summary>EIP-2930: with a gas price and an access list.</summary>
    AccessList = 1,

    /// <summary>EIP-1559: with a greatest fee and a tip. What this system sends.</summary>
    DynamicFee = 2,
}
