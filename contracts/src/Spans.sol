// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {Council} from "./Council.sol";
import {Delivery} from "./Delivery.sol";
import {Meters} from "./Meters.sol";
import {SigningDomain} from "./SigningDomain.sol";
import {Flow, Span, SpanReport, SpanReports} from "./SpanReport.sol";

/// @notice What Spans tells the contract that holds the directory's entry "Billing".
interface ITradedBills {
    /// @notice From now on bills of the premises have to ask what was traded.
    function beginTrading(bytes32 premises) external;
}

/// @notice How far a meter's registers are used up by deliveries, and what these came to. Milliwatt hours; in one slot.
struct Use {
    /// The part of a register below this is used.
    uint64 imported;
    uint64 exported;
    /// Energy bought from and sold to neighbours on the present premises, as running totals.
    uint56 bought;
    uint56 sold;
    /// Whether it has traded on the present premises, and their bills were told.
    bool told;
    /// Whether it has traded on premises that it left.
    bool hasLeft;
}

/// @title Which part of which meter's registers was delivered to whom: each part once, whatever market it was for.
/// @dev A span may be used in parts: of two deliveries at the same time each gets what the register advanced in its own
/// window and no other has had. Bills ask here for the totals and take them off.
abstract contract Spans {
    uint256 internal constant BASIS = 10_000;

    Council public immutable council;
    Meters public immutable meters;

    uint256 private immutable _deploymentChain;
    bytes32 private immutable _deploymentDomain;

    /// `Use`, packed: a struct would be written field by field.
    mapping(address meter => uint256) private _uses;
    /// What a meter had traded when it left premises: bought in the upper half, sold in the lower.
    mapping(bytes32 premises => mapping(address meter => uint256)) private _left;
    /// Contracts that are, or were, a market: what is under way there runs to its end.
    mapping(address account => bool) private _markets;

    event MarketAdmitted(bytes32 indexed office, address indexed market);

    error NotAMarketOffice(bytes32 office);
    error NotMarket(address account);
    error SpanTooEarly(uint64 opened, uint64 needed);
    error SpanTooLate(uint64 closed, uint64 latest);

    modifier onlyMarket() {
        if (!_markets[msg.sender]) revert NotMarket(msg.sender);
        _;
    }

    constructor(Council council_, Meters meters_) {
        council = council_;
        meters = meters_;
        _deploymentChain = block.chainid;
        _deploymentDomain = SigningDomain.compute(SigningDomain.SPAN, address(meters_));
    }

    /// @notice Lets the directory's holder of Board, Demands, Auction or Channels use registers here; anyone may.
    function admitMarket(bytes32 office) external {
        bool isMarket_ = office == "Board" || office == "Demands" || office == "Auction" || office == "Channels";
        if (!isMarket_) revert NotAMarketOffice(office);
        address market = council.holderOf(office);
        if (market == address(0)) revert NotMarket(market);
        _markets[market] = true;
        emit MarketAdmitted(office, market);
    }

    /// @notice Keeps apart what a meter traded on premises that it leaves. Only a market, which Meters tells.
    function meterLeft(address meter, uint32 microgrid, bytes32 premises) external onlyMarket {
        _beforeLeaving(meter, microgrid);
        Use memory use = _load(meter);
        if (!use.told) return;
        _left[premises][meter] += uint256(use.bought) << 128 | use.sold;
        (use.bought, use.sold, use.told, use.hasLeft) = (0, 0, false, true);
        _uses[meter] = _pack(use);
    }

    /// @notice Energy bought and sold by a meter on premises, in milliwatt hours, as running totals.
    function tradedOf(address meter, bytes32 premises) external view returns (uint64 bought, uint64 sold) {
        Use memory use = _load(meter);
        if (!use.hasLeft) return (use.bought, use.sold);
        uint256 left = _left[premises][meter];
        // forge-lint: disable-next-line(unsafe-typecast)
        (bought, sold) = (uint64(left >> 128), uint64(left));
        if (use.told && meters.meter(meter).premises == premises) {
            (bought, sold) = (bought + use.bought, sold + use.sold);
        }
    }

    /// @notice How far the meter's registers are used, and what it traded.
    function useOf(address meter) external view returns (Use memory) {
        return _load(meter);
    }

    /// @notice Whether the account may use registers here.
    function isMarket(address account) external view returns (bool) {
        return _markets[account];
    }

    /// @notice What meters' reports about deliveries begin with on this chain for this deployment.
    function spanDomain() public view returns (bytes32) {
        if (block.chainid == _deploymentChain) return _deploymentDomain;
        return SigningDomain.compute(SigningDomain.SPAN, address(meters));
    }

    /// @notice What two reports prove of a delivery, and uses that up.
    /// @param left What is still to be delivered.
    /// @param last Whether nothing more comes; else nothing is claimed beyond what both show.
    /// @return delivered What is paid for: the lower figure of both meters, the source's less the allowed loss.
    /// @return claimed What the seller's own meter alone shows, less the loss. Its register is used up to there: what the
    /// buyer's meter does not show is in dispute, and nobody else's meanwhile.
    function _useBoth(
        bytes32 subject,
        Delivery memory delivery,
        uint64 left,
        bool last,
        SpanReport calldata source,
        SpanReport calldata sink
    ) internal returns (uint64 delivered, uint64 claimed) {
        Use memory use = _load(delivery.source);
        Span memory span = _open(source, subject, delivery, delivery.source, Flow.Export);
        uint64 from = span.from < use.exported ? use.exported : span.from;
        claimed = span.to > from ? _lessLoss(span.to - from, delivery.loss) : 0;
        if (claimed > left) claimed = left;
        delivered = claimed;
        if (SpanReports.isThere(sink)) {
            delivered = _useSink(subject, delivery, claimed, sink);
            // A store's meter counts for all who draw at a time: it bounds what is paid, and is no witness against one of them.
            if (!last || delivery.stored) claimed = delivered;
        }
        if (claimed != 0) use.exported = from + _withLoss(claimed, delivery.loss, span.to - from);
        use.sold += _part(delivered);
        _store(delivery.source, use);
    }

    /// @notice Uses up to `energy` of what a meter exported between two registers.
    /// @return used What was not used before.
    function _useExport(address meter, uint64 from, uint64 to, uint64 energy) internal returns (uint64 used) {
        Use memory use = _load(meter);
        if (from < use.exported) from = use.exported;
        used = to > from ? to - from : 0;
        if (used > energy) used = energy;
        if (used == 0) return 0;
        use.exported = from + used;
        use.sold += _part(used);
        _store(meter, use);
    }

    /// @notice Counts energy as traded whose registers are used already.
    function _count(address meter, uint64 bought, uint64 sold) internal {
        Use memory use = _load(meter);
        use.bought += _part(bought);
        use.sold += _part(sold);
        _store(meter, use);
    }

    /// What has to be kept of a meter before its totals begin anew.
    function _beforeLeaving(address meter, uint32 microgrid) internal virtual;

    function _soldBy(address meter) internal view returns (uint64) {
        return _load(meter).sold;
    }

    function _lessLoss(uint64 energy, uint256 loss) internal pure returns (uint64) {
        // forge-lint: disable-next-line(unsafe-typecast)
        return uint64(uint256(energy) * (BASIS - loss) / BASIS);
    }

    function _useSink(bytes32 subject, Delivery memory delivery, uint64 most, SpanReport calldata report)
        private
        returns (uint64 used)
    {
        Use memory use = _load(delivery.sink);
        Span memory span = _open(report, subject, delivery, delivery.sink, Flow.Import);
        uint64 from = span.from < use.imported ? use.imported : span.from;
        used = span.to > from ? span.to - from : 0;
        if (used > most) used = most;
        if (used == 0) return 0;
        use.imported = from + used;
        use.bought += _part(used);
        _store(delivery.sink, use);
    }

    function _open(SpanReport calldata report, bytes32 subject, Delivery memory delivery, address meter, Flow flow)
        private
        view
        returns (Span memory span)
    {
        span = SpanReports.open(report, spanDomain(), subject, meter, flow);
        if (span.opened < delivery.opened) revert SpanTooEarly(span.opened, delivery.opened);
        if (span.closed > delivery.deadline) revert SpanTooLate(span.closed, delivery.deadline);
    }

    function _store(address meter, Use memory use) private {
        if (!use.told) {
            use.told = true;
            _tellBills(meter);
        }
        _uses[meter] = _pack(use);
    }

    function _load(address meter) private view returns (Use memory use) {
        uint256 word = _uses[meter];
        // forge-lint: disable-start(unsafe-typecast)
        (use.imported, use.exported) = (uint64(word >> 192), uint64(word >> 128));
        (use.bought, use.sold) = (uint56(word >> 72), uint56(word >> 16));
        // forge-lint: disable-end(unsafe-typecast)
        (use.told, use.hasLeft) = (word & 2 != 0, word & 1 != 0);
    }

    function _pack(Use memory use) private pure returns (uint256) {
        return uint256(use.imported) << 192 | uint256(use.exported) << 128 | uint256(use.bought) << 72
            | uint256(use.sold) << 16 | (use.told ? 2 : 0) | (use.hasLeft ? 1 : 0);
    }

    function _tellBills(address meter) private {
        address billing = council.holderOf("Billing");
        bytes32 premises = meters.meter(meter).premises;
        if (billing != address(0) && premises != 0) ITradedBills(billing).beginTrading(premises);
    }

    /// Ten thousand years of a town's energy; more is no reading.
    function _part(uint64 energy) private pure returns (uint56) {
        return SafeCast.toUint56(energy);
    }

    /// What left the source for so much to arrive; never more than did leave.
    function _withLoss(uint64 energy, uint256 loss, uint64 most) private pure returns (uint64) {
        uint256 gross = (uint256(energy) * BASIS + BASIS - loss - 1) / (BASIS - loss);
        // forge-lint: disable-next-line(unsafe-typecast)
        return gross < most ? uint64(gross) : most;
    }
}
