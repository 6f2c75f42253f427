// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {Advert, Adverts, Demand, Demands} from "./Advert.sol";
import {Anchors} from "./Anchors.sol";
import {Council, IMarketRules} from "./Council.sol";
import {Deliverer} from "./Deliverer.sol";
import {Delivery} from "./Delivery.sol";
import {MarketRules, PostingRules, PurchaseRules} from "./MarketRules.sol";
import {ITraders, Members, Role} from "./Members.sol";
import {Commodity, IMarket, Kind, MeterRecord, Meters} from "./Meters.sol";
import {Storage} from "./Storage.sol";
import {Taxes} from "./Taxes.sol";
import {Vault} from "./Vault.sol";

/// @notice What the board keeps of a member, in one slot.
struct Trader {
    /// The meter that counts what they buy, or sell directly.
    address meter;
    uint32 microgrid;
    /// Days since 1970, UTC, and milliwatt hours bought on that day.
    uint16 day;
    uint40 bought;
    Role role;
}

/// @notice An offer to a demand.
struct Offer {
    /// The meter whose export would count; zero when there is no offer.
    address source;
    bool stored;
}

/// @title Adverts and demands.
/// @dev An advert commits credit in the store: a seller can neither back out, nor sell what is not there, nor sell it
/// twice. A purchase locks the price with its tax and opens a delivery.
contract Board is Deliverer, IMarket, IMarketRules, ITraders {
    using SafeCast for uint256;

    /// @notice Least milliwatt hours of an advert, a demand, and a purchase that leaves something.
    uint64 public constant LEAST_ENERGY = 1000;
    /// @notice Greatest milliwatt hours of an advert or a demand.
    uint64 public constant MOST_ENERGY = 1e11;
    /// @notice Longest life of a demand in seconds.
    uint256 public constant DEMAND_LIFE = 30 days;

    Members public immutable members;
    Meters public immutable meters;

    PurchaseRules private _purchaseRules;
    PostingRules private _postingRules;
    mapping(bytes32 advert => uint64) private _left;
    mapping(bytes32 demand => mapping(address seller => Offer)) private _offers;
    mapping(address account => Trader) private _traders;

    event TraderRoleSet(address indexed account, Role role);
    event RulesTakenOver(PurchaseRules purchase, PostingRules posting);
    event TraderMeterSet(address indexed account, address indexed meter, uint32 microgrid);
    event AdvertPosted(bytes32 indexed id, address indexed seller, uint32 indexed microgrid, bytes32[3] advert);
    /// @notice The advert is over, and so much goes back to the seller's credit.
    event AdvertClosed(bytes32 indexed id, address indexed seller, uint64 returned);
    event DemandPosted(bytes32 indexed id, address indexed buyer, uint32 indexed microgrid, bytes32[2] demand);
    event DemandClosed(bytes32 indexed id, address indexed buyer, uint256 released);
    event DemandTaken(bytes32 indexed id, address indexed seller, bytes32 indexed delivery);
    event OfferMade(bytes32 indexed demand, address indexed seller, bool stored);
    event OfferWithdrawn(bytes32 indexed demand, address indexed seller);

    error MayNotSell(address account);
    error MayNotBuy(address account);
    error Barred(address account);
    error NoMeter(address account, uint32 microgrid);
    error NotTheirMeter(address meter, address account);
    error EnergyTooLittle(uint64 energy, uint64 needed);
    error EnergyTooMuch(uint64 energy, uint64 maximum);
    error PriceOutOfRange(uint256 price, uint256 maximum);
    error AlreadyPosted(bytes32 id);
    error AdvertNotLive(bytes32 id);
    error AdvertExpired(bytes32 id, uint256 end, uint256 now_);
    error AdvertStillLive(bytes32 id, uint256 end, uint256 now_);
    error EnergyAboveAdvert(uint64 energy, uint64 left);
    error ShareTooLittle(uint256 share, uint256 needed);
    error TotalAboveMaximum(uint256 total, uint256 maximum);
    error OwnEnergy(address account);
    error WrongEnd(uint256 until, uint256 earliest, uint256 latest);
    error DemandNotLive(bytes32 id);
    error DemandExpired(bytes32 id, uint256 end, uint256 now_);
    error NotBuyer(address account, address buyer);
    error OfferAlreadyMade(bytes32 demand, address seller);
    error NoOffer(bytes32 demand, address seller);
    error OfferStands(bytes32 demand, address seller);
    error NotInDirectory(address holder);

    modifier onlyInDirectory() {
        address holder = council.holderOf("Board");
        if (holder != address(this)) revert NotInDirectory(holder);
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
        (_purchaseRules.advised, _postingRules.advised) = (meters.anyAdvisory(), meters.anyAdvisory());
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
        _checkPosting(energy, price, rules_.ceiling);
        _checkSeller(msg.sender, rules_.advised);
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
        if (energy < LEAST_ENERGY && energy != left) revert EnergyTooLittle(energy, LEAST_ENERGY);
        _checkSeller(advert.seller, false);
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

    /// @notice Asks everybody for energy; the price with the highest tax is locked.
    /// @param price Wei a kilowatt hour.
    /// @param until Unix seconds.
    /// @param firstCome Whether the first who offers has it; else the caller accepts one.
    /// @return id Of the demand.
    function demand(uint32 microgrid, uint64 energy, uint96 price, uint40 until, bool firstCome)
        external
        returns (bytes32 id)
    {
        PostingRules memory rules_ = _postingRules;
        _checkPosting(energy, price, rules_.ceiling);
        if (until <= block.timestamp || until > block.timestamp + DEMAND_LIFE) {
            revert WrongEnd(until, block.timestamp + 1, block.timestamp + DEMAND_LIFE);
        }
        _checkBuyer(msg.sender, _traders[msg.sender].role, rules_.advised);
        Demand memory wanted = Demand({
            buyer: msg.sender,
            microgrid: microgrid,
            posted: uint40(block.timestamp),
            until: until,
            price: price,
            energy: energy,
            tax: rules_.highestShare,
            firstCome: firstCome
        });
        bytes32[2] memory form = Demands.pack(wanted);
        id = Demands.id(form);
        uint256 amount = Demands.locked(wanted);
        if (Demands.share(wanted) == 0) revert ShareTooLittle(0, 1);
        if (vault.lock(msg.sender, id, amount) != amount) revert AlreadyPosted(id);
        emit DemandPosted(id, msg.sender, microgrid, form);
    }

    /// @notice Takes a demand off the board; its money is free again. The buyer at any time until it is taken; anyone when
    /// its time is over, or the buyer may not buy any more.
    function closeDemand(bytes32[2] memory form) external {
        bytes32 id = Demands.id(form);
        Demand memory wanted = Demands.parse(form);
        uint256 amount = _lockedFor(id, wanted);
        if (msg.sender != wanted.buyer && block.timestamp < wanted.until && members.mayBuy(wanted.buyer)) {
            revert NotBuyer(msg.sender, wanted.buyer);
        }
        vault.release(wanted.buyer, id, amount);
        emit DemandClosed(id, wanted.buyer, amount);
    }

    /// @notice Offers to sell what a demand asks for: from credit in the store, or (`direct`) as the caller's own export
    /// while it flows. If the buyer said so, the first has it at once.
    /// @return delivery Its id; zero when the buyer has to accept.
    function offerToSell(bytes32[2] memory form, bool direct) external returns (bytes32 delivery) {
        bytes32 id = Demands.id(form);
        Demand memory wanted = Demands.parse(form);
        _checkLive(id, wanted);
        if (_offers[id][msg.sender].source != address(0)) revert OfferAlreadyMade(id, msg.sender);
        _checkSeller(msg.sender, _postingRules.advised);
        if (msg.sender == wanted.buyer) revert OwnEnergy(msg.sender);
        address source = direct
            ? _meterOf(msg.sender, wanted.microgrid)
            : store.commit(wanted.microgrid, msg.sender, wanted.energy, 0);
        emit OfferMade(id, msg.sender, !direct);
        if (wanted.firstCome) return _take(id, wanted, msg.sender, Offer(source, !direct));
        _offers[id][msg.sender] = Offer(source, !direct);
    }

    /// @notice Takes an offer back. Its seller at any time; anyone when the demand is over or the seller may not sell.
    function withdrawOffer(bytes32[2] memory form, address seller) external {
        bytes32 id = Demands.id(form);
        Offer memory offer = _offers[id][seller];
        if (offer.source == address(0)) revert NoOffer(id, seller);
        Demand memory wanted = Demands.parse(form);
        if (msg.sender != seller && members.maySell(seller)) {
            bool isLive = block.timestamp < wanted.until && vault.lockedFor(address(this), wanted.buyer, id) != 0;
            if (isLive) revert OfferStands(id, seller);
        }
        delete _offers[id][seller];
        if (offer.stored) store.free(wanted.microgrid, seller, wanted.energy);
        emit OfferWithdrawn(id, seller);
    }

    /// @notice Accepts a seller's offer to the caller's demand.
    /// @return delivery Its id.
    function accept(bytes32[2] memory form, address seller) external returns (bytes32 delivery) {
        bytes32 id = Demands.id(form);
        Demand memory wanted = Demands.parse(form);
        if (msg.sender != wanted.buyer) revert NotBuyer(msg.sender, wanted.buyer);
        _checkLive(id, wanted);
        Offer memory offer = _offers[id][seller];
        if (offer.source == address(0)) revert NoOffer(id, seller);
        _checkSeller(seller, false);
        delete _offers[id][seller];
        return _take(id, wanted, seller, offer);
    }

    /// @notice Draws from the caller's own credit in the store, as a delivery that costs nothing.
    /// @return id Of the delivery.
    function draw(uint32 microgrid, uint64 energy) external returns (bytes32 id) {
        if (energy < LEAST_ENERGY) revert EnergyTooLittle(energy, LEAST_ENERGY);
        PurchaseRules memory rules_ = _purchaseRules;
        Delivery memory delivery;
        (delivery.seller, delivery.buyer, delivery.microgrid) = (msg.sender, msg.sender, microgrid);
        (delivery.energy, delivery.stored) = (energy, true);
        delivery.sink = _meterOf(msg.sender, microgrid);
        delivery.source = store.commit(microgrid, msg.sender, energy, 0);
        _setTerms(delivery, rules_);
        return _open(delivery);
    }

    /// @notice What is left of an advert, in milliwatt hours; 0 when it is over.
    function leftOf(bytes32 advert) external view returns (uint64) {
        return _left[advert];
    }

    /// @notice What a seller offered to a demand; all zero when nothing.
    function offerOf(bytes32 demand_, address seller) external view returns (Offer memory) {
        return _offers[demand_][seller];
    }

    /// @notice What is kept of a member.
    function traderOf(address account) external view returns (Trader memory) {
        return _traders[account];
    }

    /// @notice The rules that a purchase, and an advert or a demand, made now begins under.
    function rules() external view returns (PurchaseRules memory, PostingRules memory) {
        return (_purchaseRules, _postingRules);
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
        _purchaseRules = MarketRules.purchase(council, meters);
        _postingRules = MarketRules.posting(council, _purchaseRules);
        emit RulesTakenOver(_purchaseRules, _postingRules);
    }

    /// Opens the delivery that a demand asks for; what was locked beyond its price is free again.
    function _take(bytes32 id, Demand memory wanted, address seller, Offer memory offer) private returns (bytes32) {
        vault.release(wanted.buyer, id, Demands.locked(wanted));
        Delivery memory delivery =
            _deliveryFor(wanted.buyer, seller, wanted.microgrid, wanted.energy, Demands.share(wanted));
        (delivery.source, delivery.stored, delivery.before) = (offer.source, offer.stored, wanted.energy);
        delivery.origin = id;
        // The tax table may have risen since; the buyer pays no more than what was locked.
        uint256 mostTax = Demands.locked(wanted) - delivery.share;
        if (delivery.tax > mostTax) delivery.tax = mostTax.toUint128();
        bytes32 opened = _open(delivery);
        emit DemandTaken(id, seller, opened);
        return opened;
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
        _checkBuyer(buyer, trader.role, rules_.advised);
        if (rules_.advised && meters.barred(seller)) revert Barred(seller);
        if (trader.meter == address(0) || trader.microgrid != microgrid) revert NoMeter(buyer, microgrid);
        uint16 today = _today();
        uint256 bought = trader.day == today ? trader.bought : 0;
        delivery.tax = MarketRules.taxOn(rules_, share, bought, energy).toUint128();
        (trader.day, trader.bought) = (today, (bought + energy).toUint40());
        _traders[buyer] = trader;
        (delivery.seller, delivery.buyer, delivery.microgrid) = (seller, buyer, microgrid);
        (delivery.energy, delivery.share, delivery.sink) = (energy, share.toUint128(), trader.meter);
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

    function _meterOf(address account, uint32 microgrid) private view returns (address) {
        Trader memory trader = _traders[account];
        if (trader.meter == address(0) || trader.microgrid != microgrid) revert NoMeter(account, microgrid);
        return trader.meter;
    }

    function _checkLive(bytes32 id, Demand memory wanted) private view {
        if (block.timestamp >= wanted.until) revert DemandExpired(id, wanted.until, block.timestamp);
        _lockedFor(id, wanted);
    }

    function _lockedFor(bytes32 id, Demand memory wanted) private view returns (uint256 amount) {
        amount = vault.lockedFor(address(this), wanted.buyer, id);
        if (amount == 0) revert DemandNotLive(id);
    }

    /// @param advised Whether to look for advisories too; where a purchase follows, that looks.
    function _checkSeller(address account, bool advised) private view {
        Role role = _traders[account].role;
        if (role != Role.Producer && role != Role.Prosumer) revert MayNotSell(account);
        if (advised && meters.barred(account)) revert Barred(account);
    }

    function _checkBuyer(address account, Role role, bool advised) private view {
        if (role != Role.Consumer && role != Role.Prosumer) revert MayNotBuy(account);
        if (advised && meters.barred(account)) revert Barred(account);
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

    function _checkPosting(uint64 energy, uint256 price, uint256 ceiling) private pure {
        if (energy < LEAST_ENERGY) revert EnergyTooLittle(energy, LEAST_ENERGY);
        if (energy > MOST_ENERGY) revert EnergyTooMuch(energy, MOST_ENERGY);
        if (price == 0 || price > ceiling) revert PriceOutOfRange(price, ceiling);
    }
}
