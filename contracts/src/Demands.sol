// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Board, Purchase} from "./Board.sol";
import {Demand, DemandForms} from "./Demand.sol";
import {MarketRules, PostingRules} from "./MarketRules.sol";
import {Members} from "./Members.sol";
import {Meters} from "./Meters.sol";
import {Storage} from "./Storage.sol";
import {Trader, Traders} from "./Trader.sol";
import {Vault} from "./Vault.sol";

/// @notice An offer to a demand.
struct Offer {
    /// The meter whose export would count; zero when there is no offer.
    address source;
    bool stored;
}

/// @title Energy that members ask for, and who offers it.
/// @dev The price with the highest tax is locked here while a demand waits; an offer commits credit in the store. Who is
/// taken at their offer has a delivery of the board: it is the board that opens it, and that keeps members and rules.
contract Demands {
    /// @notice Longest life of a demand in seconds.
    uint256 public constant DEMAND_LIFE = 30 days;

    /// @notice The board that deliveries are opened on; when it is replaced, so is this.
    Board public immutable board;
    Members public immutable members;
    Meters public immutable meters;
    Vault public immutable vault;
    Storage public immutable store;

    mapping(bytes32 demand => mapping(address seller => Offer)) private _offers;

    event DemandPosted(bytes32 indexed id, address indexed buyer, uint32 indexed microgrid, bytes32[2] demand);
    event DemandClosed(bytes32 indexed id, address indexed buyer, uint256 released);
    event DemandTaken(bytes32 indexed id, address indexed seller, bytes32 indexed delivery);
    event OfferMade(bytes32 indexed demand, address indexed seller, bool stored);
    event OfferWithdrawn(bytes32 indexed demand, address indexed seller);

    error AlreadyPosted(bytes32 id);
    error ShareTooLittle(uint256 share, uint256 needed);
    error OwnEnergy(address account);
    error WrongEnd(uint256 until, uint256 earliest, uint256 latest);
    error DemandNotLive(bytes32 id);
    error DemandExpired(bytes32 id, uint256 end, uint256 now_);
    error NotBuyer(address account, address buyer);
    error OfferAlreadyMade(bytes32 demand, address seller);
    error NoOffer(bytes32 demand, address seller);
    error OfferStands(bytes32 demand, address seller);

    constructor(Board board_) {
        board = board_;
        (members, meters) = (board_.members(), board_.meters());
        (vault, store) = (board_.vault(), board_.store());
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
        (Trader memory trader, PostingRules memory rules) = board.postingOf(msg.sender);
        MarketRules.checkPosting(rules, energy, price);
        if (until <= block.timestamp || until > block.timestamp + DEMAND_LIFE) {
            revert WrongEnd(until, block.timestamp + 1, block.timestamp + DEMAND_LIFE);
        }
        Traders.checkBuyer(trader, msg.sender, rules.advised, meters);
        Demand memory wanted = Demand({
            buyer: msg.sender,
            microgrid: microgrid,
            posted: uint40(block.timestamp),
            until: until,
            price: price,
            energy: energy,
            tax: rules.highestShare,
            firstCome: firstCome
        });
        bytes32[2] memory form = DemandForms.pack(wanted);
        id = DemandForms.id(form);
        uint256 amount = DemandForms.locked(wanted);
        if (DemandForms.share(wanted) == 0) revert ShareTooLittle(0, 1);
        if (vault.lock(msg.sender, id, amount) != amount) revert AlreadyPosted(id);
        emit DemandPosted(id, msg.sender, microgrid, form);
    }

    /// @notice Takes a demand off the board; its money is free again. The buyer at any time until it is taken; anyone when
    /// its time is over, or the buyer may not buy any more.
    function closeDemand(bytes32[2] memory form) external {
        bytes32 id = DemandForms.id(form);
        Demand memory wanted = DemandForms.parse(form);
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
        bytes32 id = DemandForms.id(form);
        Demand memory wanted = DemandForms.parse(form);
        _checkLive(id, wanted);
        if (_offers[id][msg.sender].source != address(0)) revert OfferAlreadyMade(id, msg.sender);
        (Trader memory trader, PostingRules memory rules) = board.postingOf(msg.sender);
        Traders.checkSeller(trader, msg.sender, rules.advised, meters);
        if (msg.sender == wanted.buyer) revert OwnEnergy(msg.sender);
        address source = direct
            ? Traders.meterIn(trader, msg.sender, wanted.microgrid)
            : store.commit(wanted.microgrid, msg.sender, wanted.energy, 0);
        emit OfferMade(id, msg.sender, !direct);
        if (wanted.firstCome) return _take(id, wanted, msg.sender, Offer(source, !direct));
        _offers[id][msg.sender] = Offer(source, !direct);
    }

    /// @notice Takes an offer back. Its seller at any time; anyone when the demand is over or the seller may not sell.
    function withdrawOffer(bytes32[2] memory form, address seller) external {
        bytes32 id = DemandForms.id(form);
        Offer memory offer = _offers[id][seller];
        if (offer.source == address(0)) revert NoOffer(id, seller);
        Demand memory wanted = DemandForms.parse(form);
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
        bytes32 id = DemandForms.id(form);
        Demand memory wanted = DemandForms.parse(form);
        if (msg.sender != wanted.buyer) revert NotBuyer(msg.sender, wanted.buyer);
        _checkLive(id, wanted);
        Offer memory offer = _offers[id][seller];
        if (offer.source == address(0)) revert NoOffer(id, seller);
        delete _offers[id][seller];
        return _take(id, wanted, seller, offer);
    }

    /// @notice What a seller offered to a demand; all zero when nothing.
    function offerOf(bytes32 demand_, address seller) external view returns (Offer memory) {
        return _offers[demand_][seller];
    }

    /// Has the delivery opened that a demand asks for; what was locked beyond its price is free again.
    function _take(bytes32 id, Demand memory wanted, address seller, Offer memory offer)
        private
        returns (bytes32 delivery)
    {
        uint256 amount = DemandForms.locked(wanted);
        uint256 share = DemandForms.share(wanted);
        vault.release(wanted.buyer, id, amount);
        // The tax table may have risen since; the buyer pays no more than what was locked.
        delivery = board.openFor(
            Purchase({
                buyer: wanted.buyer,
                seller: seller,
                source: offer.source,
                stored: offer.stored,
                microgrid: wanted.microgrid,
                energy: wanted.energy,
                share: share,
                mostTax: amount - share,
                origin: id
            })
        );
        emit DemandTaken(id, seller, delivery);
    }

    function _checkLive(bytes32 id, Demand memory wanted) private view {
        if (block.timestamp >= wanted.until) revert DemandExpired(id, wanted.until, block.timestamp);
        _lockedFor(id, wanted);
    }

    function _lockedFor(bytes32 id, Demand memory wanted) private view returns (uint256 amount) {
        amount = vault.lockedFor(address(this), wanted.buyer, id);
        if (amount == 0) revert DemandNotLive(id);
    }
}
