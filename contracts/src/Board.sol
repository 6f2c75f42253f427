// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {Advert, Adverts} from "./Advert.sol";
import {Anchors} from "./Anchors.sol";
import {Council, IMarketRules} from "./Council.sol";
import {Deliverer} from "./Deliverer.sol";
import {Delivery} from "./Delivery.sol";
import {MarketRules, PostingRules, PurchaseRules} from "./MarketRules.sol";
import {ITraders, Members, Role} from "./Members.sol";
import {Commodity, IMarket, Kind, MeterRecord, Meters} from "./Meters.sol";
import {Storage} from "./Storage.sol";
import {Taxes} from "./Taxes.sol";
import {Trader, Traders} from "./Trader.sol";
import {Vault} from "./Vault.sol";

/// @notice What a demand comes to that found its seller.
struct Purchase {
    address buyer;
    address seller;
    /// The meter whose export counts.
    address source;
    bool stored;
    uint32 microgrid;
    /// Milliwatt hours.
    uint64 energy;
    /// Wei for the seller, and the most that the buyer pays as tax on it.
    uint256 share;
    uint256 mostTax;
    /// Id of the demand.
    bytes32 origin;
}

/// @title Adverts, and every delivery, also of what was asked for (`Demands`).
/// @dev An advert commits credit in the store: a seller can neither back out, nor sell what is not there, nor sell it
/// twice. A purchase locks the price with its tax and opens a delivery.
contract Board is Deliverer, IMarket, IMarketRules, ITraders {
    using SafeCast for uint256;

    /// @notice Least milliwatt hours of an advert, a demand, and a purchase that leaves something.
    uint64 public constant LEAST_ENERGY = MarketRules.LEAST_ENERGY;
    /// @notice Greatest milliwatt hours of an advert or a demand.
    uint64 public constant MOST_ENERGY = MarketRules.MOST_ENERGY;

    Members public immutable members;
    Meters public immutable meters;

    PurchaseRules private _purchaseRules;
    PostingRules private _postingRules;
    mapping(bytes32 advert => uint64) private _left;
    mapping(address account => Trader) private _traders;

    event TraderRoleSet(address indexed account, Role role);
    event RulesTakenOver(PurchaseRules purchase, PostingRules posting);
    event TraderMeterSet(address indexed account, address indexed meter, uint32 microgrid);
    event AdvertPosted(bytes32 indexed id, address indexed seller, uint32 indexed microgrid, bytes32[3] advert);
    /// @notice The advert is over, and so much goes back to the seller's credit.
    event AdvertClosed(bytes32 indexed id, address indexed seller, uint64 returned);

    error NotTheirMeter(address meter, address account);
    error AlreadyPosted(bytes32 id);
    error AdvertNotLive(bytes32 id);
    error AdvertExpired(bytes32 id, uint256 end, uint256 now_);
    error AdvertStillLive(bytes32 id, uint256 end, uint256 now_);
    error EnergyAboveAdvert(uint64 energy, uint64 left);
    error ShareTooLittle(uint256 share, uint256 needed);
    error TotalAboveMaximum(uint256 total, uint256 maximum);
    error OwnEnergy(address account);
    error NotDemands(address account);
    error NotInDirectory(address holder);

    modifier onlyInDirectory() {
        _checkInDirectory();
        _;
    }

    constructor(
        Council council_,
        Members members_,
        Meters meters_,
        Anchors anchors_,
        Vault vault_,
        Storage store_,
        Taxes taxes_
    ) Deliverer(council_, anchors_, vault_, store_, taxes_) {
        (members, meters) = (members_, meters_);
        rulesChanged();
    }

    /// @inheritdoc IMarket
    /// @dev The latest of a member's meters is the one that trades, until they choose.
    function meterChanged(address key, uint32 microgrid, bytes32 premises, address participant, bool inService)
        external
    {
        if (msg.sender != address(meters)) return;
        if (inService) {
            if (participant != address(0)) _setMeter(participant, key, microgrid);
            return;
        }
        if (participant != address(0) && _traders[participant].meter == key) _setMeter(participant, address(0), 0);
        if (store.isMarket(address(this))) store.meterLeft(key, microgrid, premises);
    }

    /// @inheritdoc ITraders
    function roleChanged(address account, Role role) external {
        if (msg.sender == address(members)) _setRole(account, role);
    }

    /// @inheritdoc IMarket
    function advisoriesChanged() external {
        bool advised = meters.anyAdvisory();
        (_purchaseRules.advised, _postingRules.advised) = (advised, advised);
    }

    /// @notice Takes over a role given before this contract was in the directory; anyone may. Once it is there, Members
    /// tells it of every change, so that what it keeps is never out of date.
    function takeOverRole(address account) external onlyInDirectory {
        _setRole(account, members.roleOf(account));
    }

    /// @notice Chooses which of their meters counts what the caller trades.
    function chooseMeter(address key) external onlyInDirectory {
        MeterRecord memory record = meters.meter(key);
        bool fits = record.participant == msg.sender && record.retiredAt == 0
            && record.commodity == Commodity.Electricity && record.kind != Kind.Transformer;
        if (!fits) revert NotTheirMeter(key, msg.sender);
        _setMeter(msg.sender, key, record.microgrid);
    }

    /// @notice Offers energy from the caller's credit in the store to everybody.
    /// @param price Wei a kilowatt hour in the first hour.
    /// @return id Of the advert.
    function advertise(uint32 microgrid, uint64 energy, uint96 price) external returns (bytes32 id) {
        PostingRules memory rules_ = _postingRules;
        MarketRules.checkPosting(rules_, energy, price);
        Traders.checkSeller(_traders[msg.sender], msg.sender, rules_.advised, meters);
        Advert memory advert = Advert({
            seller: msg.sender,
            microgrid: microgrid,
            posted: uint40(block.timestamp),
            step: rules_.step,
            price: price,
            energy: energy,
            life: rules_.life,
            source: store.commit(microgrid, msg.sender, energy, rules_.life)
        });
        bytes32[3] memory form = Adverts.pack(advert);
        id = Adverts.id(form);
        if (_left[id] != 0) revert AlreadyPosted(id);
        _left[id] = energy;
        emit AdvertPosted(id, msg.sender, microgrid, form);
    }

    /// @notice Takes an advert off the board; the rest of it is the seller's credit again. The seller at any time; anyone
    /// when its life is over, or the seller may not sell any more.
    function closeAdvert(bytes32[3] memory form) external {
        bytes32 id = Adverts.id(form);
        uint64 left = _left[id];
        if (left == 0) revert AdvertNotLive(id);
        Advert memory advert = Adverts.parse(form);
        uint256 end = uint256(advert.posted) + advert.life;
        if (msg.sender != advert.seller && block.timestamp < end && members.maySell(advert.seller)) {
            revert AdvertStillLive(id, end, block.timestamp);
        }
        delete _left[id];
        store.free(advert.microgrid, advert.seller, left);
        emit AdvertClosed(id, advert.seller, left);
    }

    /// @notice Buys energy of an advert, all or a part, at its price now.
    /// @param maxTotal Most wei that the caller pays with tax: should the price have moved, nothing is bought.
    /// @return id Of the delivery.
    function buy(bytes32[3] memory form, uint64 energy, uint256 maxTotal) external returns (bytes32 id) {
        bytes32 origin = Adverts.id(form);
        uint64 left = _left[origin];
        if (left == 0) revert AdvertNotLive(origin);
        Advert memory advert = Adverts.parse(form);
        uint256 end = uint256(advert.posted) + advert.life;
        if (block.timestamp >= end) revert AdvertExpired(origin, end, block.timestamp);
        if (energy > left) revert EnergyAboveAdvert(energy, left);
        if (energy < LEAST_ENERGY && energy != left) revert MarketRules.EnergyTooLittle(energy, LEAST_ENERGY);
        unchecked {
            _left[origin] = left - energy;
        }
        uint256 share = Adverts.shareAt(advert, energy, block.timestamp);
        Delivery memory delivery = _deliveryFor(msg.sender, advert.seller, advert.microgrid, energy, share);
        uint256 total = uint256(delivery.share) + delivery.tax;
        if (total > maxTotal) revert TotalAboveMaximum(total, maxTotal);
        (delivery.source, delivery.stored, delivery.before, delivery.origin) = (advert.source, true, left, origin);
        return _open(delivery);
    }

    /// @notice Opens the delivery of a demand that found its seller. Only the directory's contract for demands.
    /// @return id Of the delivery.
    function openFor(Purchase calldata purchase) external returns (bytes32 id) {
        if (msg.sender != council.holderOf("Demands")) revert NotDemands(msg.sender);
        Delivery memory delivery =
            _deliveryFor(purchase.buyer, purchase.seller, purchase.microgrid, purchase.energy, purchase.share);
        if (delivery.tax > purchase.mostTax) delivery.tax = purchase.mostTax.toUint128();
        (delivery.source, delivery.stored, delivery.before) = (purchase.source, purchase.stored, purchase.energy);
        delivery.origin = purchase.origin;
        return _open(delivery);
    }

    /// @notice Draws from the caller's own credit in the store, as a delivery that costs nothing.
    /// @return id Of the delivery.
    function draw(uint32 microgrid, uint64 energy) external returns (bytes32 id) {
        if (energy < LEAST_ENERGY) revert MarketRules.EnergyTooLittle(energy, LEAST_ENERGY);
        PurchaseRules memory rules_ = _purchaseRules;
        Delivery memory delivery;
        (delivery.seller, delivery.buyer, delivery.microgrid) = (msg.sender, msg.sender, microgrid);
        (delivery.energy, delivery.stored) = (energy, true);
        delivery.sink = Traders.meterIn(_traders[msg.sender], msg.sender, microgrid);
        delivery.source = store.commit(microgrid, msg.sender, energy, 0);
        _setTerms(delivery, rules_);
        return _open(delivery);
    }

    /// @notice What is left of an advert, in milliwatt hours; 0 when it is over.
    function leftOf(bytes32 advert) external view returns (uint64) {
        return _left[advert];
    }

    /// @notice What is kept of a member.
    function traderOf(address account) external view returns (Trader memory) {
        return _traders[account];
    }

    /// @notice The rules that a purchase, and an advert or a demand, made now begins under.
    function rules() external view returns (PurchaseRules memory, PostingRules memory) {
        return (_purchaseRules, _postingRules);
    }

    /// @notice Whom and what an advert, a demand or an offer of the account now goes by, in one call for `Demands`.
    function postingOf(address account) external view returns (Trader memory, PostingRules memory) {
        return (_traders[account], _postingRules);
    }

    /// @notice What energy of an advert would cost a buyer now.
    function quote(bytes32[3] memory form, uint64 energy, address buyer)
        external
        view
        returns (uint256 share, uint256 tax)
    {
        share = Adverts.shareAt(Adverts.parse(form), energy, block.timestamp);
        Trader memory trader = _traders[buyer];
        uint256 bought = trader.day == _today() ? trader.bought : 0;
        tax = MarketRules.taxOn(_purchaseRules, share, bought, energy);
    }

    /// @notice Takes over the rules that the Council has; anyone may. The Council does when one changes.
    function rulesChanged() public {
        (PurchaseRules memory purchase, PostingRules memory posting) = MarketRules.read(council, meters);
        (_purchaseRules, _postingRules) = (purchase, posting);
        emit RulesTakenOver(purchase, posting);
    }

    /// A delivery with its price and tax, counted on the buyer's day; where it comes from is the caller's to say.
    function _deliveryFor(address buyer, address seller, uint32 microgrid, uint64 energy, uint256 share)
        private
        returns (Delivery memory delivery)
    {
        if (share == 0) revert ShareTooLittle(share, 1);
        if (buyer == seller) revert OwnEnergy(buyer);
        PurchaseRules memory rules_ = _purchaseRules;
        Trader memory trader = _traders[buyer];
        Traders.checkBuyer(trader, buyer, rules_.advised, meters);
        Traders.checkSeller(_traders[seller], seller, rules_.advised, meters);
        delivery.sink = Traders.meterIn(trader, buyer, microgrid);
        uint16 today = _today();
        uint256 bought = trader.day == today ? trader.bought : 0;
        delivery.tax = MarketRules.taxOn(rules_, share, bought, energy).toUint128();
        (trader.day, trader.bought) = (today, (bought + energy).toUint40());
        _traders[buyer] = trader;
        (delivery.seller, delivery.buyer, delivery.microgrid) = (seller, buyer, microgrid);
        (delivery.energy, delivery.share) = (energy, share.toUint128());
        _setTerms(delivery, rules_);
    }

    function _setRole(address account, Role role) private {
        _traders[account].role = role;
        emit TraderRoleSet(account, role);
    }

    function _setMeter(address account, address key, uint32 microgrid) private {
        Trader storage trader = _traders[account];
        (trader.meter, trader.microgrid) = (key, microgrid);
        emit TraderMeterSet(account, key, microgrid);
    }

    function _checkInDirectory() private view {
        address holder = council.holderOf("Board");
        if (holder != address(this)) revert NotInDirectory(holder);
    }

    function _today() private view returns (uint16) {
        // forge-lint: disable-next-line(unsafe-typecast)
        return uint16(block.timestamp / 1 days);
    }

    function _setTerms(Delivery memory delivery, PurchaseRules memory rules_) private view {
        delivery.opened = uint40(block.timestamp);
        delivery.deadline = uint40(block.timestamp + rules_.deliverySeconds);
        (delivery.patience, delivery.loss) = (rules_.settlementSeconds, rules_.loss);
    }
}
