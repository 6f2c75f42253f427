using Busbar.Device.Channels;
using Busbar.Domain.Channels;
using Busbar.Domain.Quantities;
using Busbar.Node.Channels;
using Busbar.Store.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using static Busbar.Node.Tests.Channels.MemoryChannels;

namespace Busbar.Node.Tests.Channels;

/// <summary>
/// Two ends with real files, either of which is cut off at every step of every block: whatever is lost, it is at most one block. Being cut
/// off is being started anew from the files as they were at that moment, copied while they are in use.
/// </summary>
public sealed class VanishingTests : IDisposable
{
    private const int Steps = 7;
    private static readonly MeterRegister Begin = MeterRegister.FromMilliwattHours(123_456);

    private readonly string _root = Directory.CreateTempSubdirectory("busbar-vanishing-").FullName;
    private int _folders;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task EitherSideCutOffAtEveryStep_AtMostOneBlockIsLost_AndTheyGoOn()
    {
        foreach (var isPayer in new[] { true, false })
        {
            for (var cut = 0; cut < Steps * 4; cut++)
            {
                await using var pair = await Pair.StartAsync(this);
                for (var step = 0; step < Steps * 6; step++)
                {
                    await pair.StepAsync(step % Steps);
                    await pair.CheckAsync();
                    if (step == cut)
                        await pair.CutAsync(isPayer);
                    await pair.CheckAsync();
                }

                // They went on after it: at most the turn that was cut off is missing.
                Assert.InRange(pair.Delivered.MilliwattHours, 40_000, 60_000);
                Assert.True(pair.Held >= pair.Delivered - BlockRule.DefaultBlock, "what flowed was paid for");
            }
        }
    }

    [Fact]
    public async Task EitherSideVanishesForGoodAtEveryStep_AtMostOneBlockIsLost()
    {
        foreach (var isPayer in new[] { true, false })
        {
            for (var cut = 0; cut < Steps * 4; cut++)
            {
                await using var pair = await Pair.StartAsync(this);
                for (var step = 0; step <= cut; step++)
                    await pair.StepAsync(step % Steps);
                // The one who is left does alone what it can, for long.
                for (var turn = 0; turn < 20; turn++)
                    await pair.AloneAsync(isPayer);
                await pair.CheckAsync();
            }
        }
    }

    /// <summary>A payee who asks for more than flowed gets a block more at most, however often it asks.</summary>
    [Fact]
    public async Task PayeeAsksForWhatDidNotFlow_PayerLosesAtMostOneBlock()
    {
        await using var pair = await Pair.StartAsync(this);
        for (var step = 0; step < Steps * 3; step++)
            await pair.StepAsync(step % Steps);
        for (var ahead = 1; ahead < 2_000; ahead += 7)
            pair.Ask(pair.Delivered + Energy.FromMilliwattHours(ahead * 1_000L));
        await pair.CheckAsync();
        Assert.InRange((pair.Promised - pair.Delivered).MilliwattHours, 1, BlockRule.DefaultBlock.MilliwattHours);
    }

    private string NewFolder() => Directory.CreateDirectory(Path.Combine(_root, $"{_folders++}")).FullName;

    /// <summary>The two ends, the wire between them, and the meter, which nobody cuts off.</summary>
    private sealed class Pair : IAsyncDisposable
    {
        private readonly VanishingTests _tests;
        private readonly Hand _clock = new();
        private readonly MemoryChannels _ledger;
        private string _payerFolder;
        private string _payeeFolder;
        private PayerSession _payer = null!;
        private SqliteStore _store = null!;
        private PayeeDesk _payee = null!;
        private Energy? _asked;
        private SignedVoucher? _onTheWire;

        private Pair(VanishingTests tests)
        {
            _tests = tests;
            _ledger = new(_clock);
            _ledger.Put(Channel);
            (_payerFolder, _payeeFolder) = (tests.NewFolder(), tests.NewFolder());
        }

        /// <summary>What the meter counted.</summary>
        public Energy Delivered { get; private set; }

        /// <summary>What the payee could be paid for with what is on its disk.</summary>
        public Energy Held => _payee.Find(Channel.Id)!.Best?.Voucher.Energy ?? Energy.Zero;

        /// <summary>What the payer signed.</summary>
        public Energy Promised => _payer.Signed?.Energy ?? Energy.Zero;

        public static async Task<Pair> StartAsync(VanishingTests tests)
        {
            var pair = new Pair(tests);
            pair.StartPayer();
            await pair.StartPayeeAsync();
            return pair;
        }

        public async Task StepAsync(int step)
        {
            switch (step)
            {
                case 0 or 1:
                    Flow();
                    break;
                case 2:
                    _asked = Delivered;
                    break;
                case 3 when _asked is { } asked:
                    Ask(asked);
                    break;
                case 4 when _onTheWire is { } voucher:
                    Assert.IsType<VoucherOutcome.Taken>(await _payee.TakeAsync(voucher, default));
                    break;
                case 5:
                    (_asked, _onTheWire) = (null, null);
                    break;
                default:
                    await _payee.LookAsync(default);
                    break;
            }
        }

        public void Ask(Energy asked)
        {
            if (_payer.Answer(asked, Begin.Advance(Delivered), _clock.Now) is PayerAnswer.Paid paid)
                _onTheWire = paid.Signed;
        }

        public async Task AloneAsync(bool isPayerGone)
        {
            if (isPayerGone)
            {
                Flow();
                await _payee.LookAsync(default);
            }
            else
            {
                Ask(Delivered);
            }
        }

        /// <summary>One end is gone, with what it had in hand; it starts again from its files as they are.</summary>
        public async Task CutAsync(bool isPayer)
        {
            (_asked, _onTheWire) = (null, null);
            if (isPayer)
            {
                _payerFolder = Copy(_payerFolder);
                StartPayer();
                return;
            }

            var copy = Copy(_payeeFolder);
            await _store.DisposeAsync();
            _payeeFolder = copy;
            await StartPayeeAsync();
        }

        public async Task CheckAsync()
        {
            // The payee's loss: what flowed and is not promised on its disk.
            var held = (await _store.Vouchers.AllAsync(default)).SingleOrDefault()?.Signed.Voucher;
            Assert.True(Delivered - (held?.Energy ?? Energy.Zero) <= BlockRule.DefaultBlock, $"{Delivered} flowed, {held?.Energy} is promised");
            // The payer's: what was promised, wherever the voucher is, and did not flow.
            Assert.True(Promised - Delivered <= BlockRule.DefaultBlock, $"{Promised} is promised, {Delivered} flowed");
            var price = Channel.Terms.Price;
            Assert.True((held?.Total ?? Coin.Zero) <= (_payer.Signed?.Total ?? Coin.Zero), "nobody holds more than was signed");
            Assert.True((_payer.Signed?.Total ?? Coin.Zero) <= price.CostFloor(Delivered + BlockRule.DefaultBlock), "paid as agreed");
        }

        public ValueTask DisposeAsync() => _store.DisposeAsync();

        /// <summary>Half a block, as far as the payee lets it flow.</summary>
        private void Flow()
        {
            var room = _payee.Find(Channel.Id)!.MayFlow - Delivered;
            var half = Energy.FromMilliwattHours(5_000);
            if (room > Energy.Zero)
                Delivered += room < half ? room : half;
        }

        private void StartPayer() => _payer = PayerSession.Open(
            _payerFolder, Channel, MemoryChannels.Domain, VoucherSigner.Of(Payer), BlockRule.Default, Channel.Locked, Begin.Advance(Delivered));

        private async Task StartPayeeAsync()
        {
            _store = await SqliteStore.OpenAsync(_payeeFolder, TimeProvider.System, null, default);
            _payee = await PayeeDesk.OpenAsync(
                _ledger, _store.Vouchers, MemoryChannels.Domain, BlockRule.Default, _clock, NullLogger<PayeeDesk>.Instance, default);
        }

        private string Copy(string from)
        {
            var to = _tests.NewFolder();
            foreach (var file in Directory.GetFiles(from).Where(file => !file.EndsWith("lock", StringComparison.Ordinal)))
            {
                using var source = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
                using var target = File.Create(Path.Combine(to, Path.GetFileName(file)));
                source.CopyTo(target);
            }

            return to;
        }
    }
}
