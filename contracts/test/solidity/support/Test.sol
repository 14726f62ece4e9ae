// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Vm} from './Vm.sol';

/// @title What every Solidity test stands on: cheatcodes, bounds, assertions, and the targets of stateful fuzzing
/// @dev The runner finds targets by the names and signatures of these functions.
abstract contract Test {
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    Vm internal constant vm = Vm(address(uint160(uint256(keccak256('hevm cheat code')))));

    /// @dev The runner asks a test contract whether it is one, and whether it has failed.
    // solhint-disable-next-line func-name-mixedcase
    bool public constant IS_TEST = true;

    address[] private _targets;
    FuzzSelector[] private _selectors;

    error NotEqual(uint256 found, uint256 expected, string what);
    error NotAtMost(uint256 found, uint256 bound, string what);
    error NotTrue(string what);

    /// @dev Maps any value into [low, high], keeping its edges: small values stay near low, large ones near high.
    function bound(uint256 value, uint256 low, uint256 high) internal pure returns (uint256) {
        require(low <= high, 'empty range');
        if (value >= low && value <= high) return value;
        uint256 size = high - low + 1;
        if (size == 0) return value;
        if (value <= 3 && size > value) return low + value;
        if (value >= type(uint256).max - 3 && size > type(uint256).max - value) {
            return high - (type(uint256).max - value);
        }
        return low + (value % size);
    }

    /// @dev A value whose bit length, rather than the value itself, is spread evenly up to `high`.
    function boundLog(uint256 value, uint256 low, uint256 high) internal pure returns (uint256) {
        return bound(value >> (uint8(value) & 0x7f), low, high);
    }

    function assertEq(uint256 found, uint256 expected, string memory what) internal pure {
        if (found != expected) revert NotEqual(found, expected, what);
    }

    function assertLe(uint256 found, uint256 limit, string memory what) internal pure {
        if (found > limit) revert NotAtMost(found, limit, what);
    }

    function assertTrue(bool condition, string memory what) internal pure {
        if (!condition) revert NotTrue(what);
    }

    function target(address handler, bytes4[] memory selectors) internal {
        _targets.push(handler);
        _selectors.push(FuzzSelector(handler, selectors));
    }

    function targetContracts() external view returns (address[] memory) {
        return _targets;
    }

    function targetSelectors() external view returns (FuzzSelector[] memory) {
        return _selectors;
    }
}
