// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {LedgerHandler} from './support/LedgerHandler.sol';
import {Test} from './support/Test.sol';

/// @title What holds of the pools' books after any sequence of deposits, withdrawals, swaps and changes of fees
contract ABPoolLedgerInvariants is Test {
    LedgerHandler private _ledger;

    function setUp() public {
        _ledger = new LedgerHandler();
        bytes4[] memory selectors = new bytes4[](5);
        selectors[0] = LedgerHandler.addAny.selector;
        selectors[1] = LedgerHandler.removeAny.selector;
        selectors[2] = LedgerHandler.exchange.selector;
        selectors[3] = LedgerHandler.exchangeExactly.selector;
        selectors[4] = LedgerHandler.setFees.selector;
        target(address(_ledger), selectors);
    }

    /// @dev The handler itself asserts around every step that the constant product per share does not fall. Books that are
    /// wrong once stay wrong, so looking through all of them after every hundredth step, and at the end, misses nothing.
    /// hardhat-config: brief.invariant.runs = 70
    /// hardhat-config: default.invariant.runs = 700
    /// hardhat-config: deep.invariant.runs = 7000
    function invariant_booksOfAllPoolsAreRight() public view {
        if (_ledger.steps() % 100 == 0) _ledger.assertBooks();
    }

    function afterInvariant() public {
        _ledger.assertBooks();
        _ledger.leaveAll();
        _ledger.assertBooks();
    }

    /// @dev The sequences are worth something only where their steps go through.
    function test_everyKindOfStep_goesThrough() public {
        _ledger.addAny(1, 0, (10 ** 20) << 8, (10 ** 20) << 8);
        _ledger.removeAny(1, 0, (10 ** 19) << 8);
        _ledger.exchange(2, 1, true, (10 ** 18) << 8);
        _ledger.exchangeExactly(3, 2, false, (10 ** 18) << 8);
        assertEq(_ledger.succeeded(), 4, 'steps that went through');
        _ledger.assertBooks();
    }
}
