using System.CommandLine;
using System.Numerics;
using Busbar.Cli.Running;
using Busbar.Cryptography;
using Busbar.Device.Chain;
using Busbar.Ledger.Contracts;

namespace Busbar.Cli.Trade;

/// <summary>Money into the vault and out of it, and any call at all.</summary>
internal static class MoneyDeeds
{
    public static DeedVerb Deposit()
    {
        var amount = TradeArguments.Amount("how many coins, such as 1.5");
        return new("deposit", "Puts coins of the account into the community's vault.", [amount], (parsed, desk, _) =>
        {
            var coins = parsed.GetRequiredValue(amount);
            var wei = (BigInteger)coins.Wei;
            var call = new RawCall(desk.Vault, wei, Vault.EncodeDeposit(wei));
            return Task.FromResult(new Deed($"Put {Figures.Coins(coins)} into the vault", call));
        })
        {
            IsExact = true,
        };
    }

    public static DeedVerb Withdraw()
    {
        var amount = TradeArguments.Amount("how many coins, such as 1.5");
        return new("withdraw-money", "Takes free coins out of the community's vault.", [amount], async (parsed, desk, cancellation) =>
        {
            var coins = parsed.GetRequiredValue(amount);
            var trader = await desk.TraderAsync(cancellation);
            return new Deed($"Take {Figures.Coins(coins)} out of the vault", desk.Vault, Vault.EncodeWithdraw((BigInteger)coins.Wei))
            {
                Facts = trader is { } known ? [("you have free", Figures.Coins(known.Coins("freeWei")))] : [],
                Refusal = trader is { } one && one.Coins("freeWei") < coins ? "FreeTooLittle" : null,
            };
        });
    }

    public static DeedVerb Send()
    {
        var to = TradeArguments.RequiredAccount("--to", "the contract's address");
        var data = new Option<string>("--call") { Description = "the call's bytes as 0x and hexadecimal", DefaultValueFactory = _ => "0x" };
        var value = new Option<BigInteger>("--value") { Description = "what is sent along, wei", CustomParser = TradeArguments.Whole };
        return new("send", "Sends any call of a contract.", [to, data, value], (parsed, _, _) =>
        {
            if (!HexText.TryDecode(parsed.GetRequiredValue(data), out var bytes))
                throw new CommandFailure("--call is bytes as 0x and hexadecimal digits");
            var (contract, wei) = (parsed.GetRequiredValue(to), parsed.GetValue(value));
            return Task.FromResult(new Deed($"Send {bytes.Length} bytes with {wei} wei to {contract}", new RawCall(contract, wei, bytes)));
        })
        {
            IsExact = true,
        };
    }
}
