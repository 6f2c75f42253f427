using System.Text;
using Busbar.Cryptography;

namespace Busbar.Node.Api.Describing;

/// <summary>Names and instants that the examples share, so that they fit together.</summary>
internal static class Sample
{
    public const string Day = "2026-06-21T00:00:00Z";
    public const string NextDay = "2026-06-22T00:00:00Z";
    public const string Start = "2026-06-21T18:15:00Z";
    public const string End = "2026-06-21T18:30:00Z";
    public const string Now = "2026-06-21T18:31:07Z";
    public const string Later = "2026-07-05T18:31:07Z";

    public static readonly string Meter = AddressOf("meter of house 7");
    public static readonly string Transformer = AddressOf("transformer of Neem Lane");
    public static readonly string Account = AddressOf("household of house 7");
    public static readonly string Regulator = AddressOf("regulator of Neem Lane");
    public static readonly string Operator = AddressOf("operator of Neem Lane");
    public static readonly string Anchors = AddressOf("contract Anchors");
    public static readonly string Meters = AddressOf("contract Meters");
    public static readonly string Members = AddressOf("contract Members");
    public static readonly string Council = AddressOf("contract Council");
    public static readonly string Vault = AddressOf("contract Vault");
    public static readonly string Payments = AddressOf("contract Payments");
    public static readonly string Billing = AddressOf("contract Billing");
    public static readonly string Storage = AddressOf("contract Storage");
    public static readonly string Taxes = AddressOf("contract Taxes");
    public static readonly string Board = AddressOf("contract Board");
    public static readonly string Demands = AddressOf("contract Demands");
    public static readonly string Premises = HashOf("premises of house 7");
    public static readonly string Firmware = HashOf("firmware 1.4.2");
    public static readonly string Transaction = HashOf("a transaction");
    public static readonly string Block = HashOf("block 41");
    public static readonly string Root = HashOf("root of a tree");
    public static readonly string Signature = HashOf("r") + HashOf("s")[2..] + "1b";

    /// <summary>An address that only this text has.</summary>
    public static string AddressOf(string name) => Address.Parse($"0x{HashOf(name)[^40..]}").ToString();

    /// <summary>A hash that only this text has.</summary>
    public static string HashOf(string name) => Keccak256.Hash(Encoding.UTF8.GetBytes(name)).ToString();
}
