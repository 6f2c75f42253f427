// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// Every shape that a binding must carry. Sample.json holds its ABI and code, made with solc, optimised, for Cancun.
contract Sample {
    enum Colour { Red, Green }
    struct Point { int32 x; int128 y; }
    struct Shape { string name; Point[] points; uint64[4] bands; bytes32 id; bytes extra; Colour colour; Point[2] ends; string[2] labels; }

    event Drawn(address indexed who, string indexed tag, int64 indexed place, Shape shape, string name);
    event Emptied();
    event Emptied(uint256 count);

    error TooFar(address who, uint256 actual, uint256 needed);
    error Closed();

    uint256 public immutable LIMIT_OF_ALL;
    string public title;

    constructor(uint256 limit_, string memory title_) {
        LIMIT_OF_ALL = limit_;
        title = title_;
    }

    function draw(Shape calldata shape, string calldata tag) external returns (uint256 id) {
        emit Drawn(msg.sender, tag, -5, shape, shape.name);
        emit Emptied();
        emit Emptied(7);
        return shape.points.length;
    }

    function echo(Shape[] calldata shapes) external pure returns (Shape[] memory) {
        return shapes;
    }

    function widths(uint8 a, uint24 b, uint40 c, uint96 d, uint160 e, int8 f, int40 g, int96 h, int256 i, bytes4 j, bool k)
        external pure returns (uint8, uint24, uint40, uint96, uint160, int8, int40, int96, int256, bytes4, bool)
    {
        return (a, b, c, d, e, f, g, h, i, j, k);
    }

    function find(uint256 id) external pure returns (bool known, Point memory place) {
        return (id == 1, Point(-1, 2));
    }

    function find(bytes32 name, uint256[][2] calldata block_) external pure returns (uint256) {
        return uint256(name) + block_[1][0];
    }

    function check(uint256 by) external view {
        if (by > LIMIT_OF_ALL) revert TooFar(msg.sender, by, LIMIT_OF_ALL);
        require(by != 1, "one is not enough");
        if (by == 0) revert Closed();
        uint256 unused = 1 / (by - 2);
        unused;
    }
}
