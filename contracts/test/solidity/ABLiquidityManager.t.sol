// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC20} from '@openzeppelin/contracts/token/ERC20/IERC20.sol';
import {ABLiquidityManager} from '../../liquidity/ABLiquidityManager.sol';
import {ABPool} from '../../liquidity/ABPool.sol';
import {MarketHandler} from './support/MarketHandler.sol';
import {Test} from './support/Test.sol';

/// @title What holds after any sequence of what people and the owner can do
contract ABLiquidityManagerInvariants is Test {
    uint256 private constant ACTORS = 5;

    MarketHandler private _market;
    ABLiquidityManager private _manager;

    function setUp() public {
        _market = new MarketHandler();
        _manager = ABLiquidityManager(_market.managerAddress());
        bytes4[] memory selectors = new bytes4[](12);
        selectors[0] = MarketHandler.addLiquidity.selector;
        selectors[1] = MarketHandler.removeLiquidity.selector;
        selectors[2] = MarketHandler.swap.selector;
        selectors[3] = MarketHandler.swapAlongARoute.selector;
        selectors[4] = MarketHandler.donate.selector;
        selectors[5] = MarketHandler.collectProtocolFees.selector;
        selectors[6] = MarketHandler.setFees.selector;
        selectors[7] = MarketHandler.pauseOrUnpause.selector;
        selectors[8] = MarketHandler.deactivateToken.selector;
        selectors[9] = MarketHandler.pauseAsGuardian.selector;
        selectors[10] = MarketHandler.prolongPause.selector;
        selectors[11] = MarketHandler.waitFor.selector;
        target(address(_market), selectors);
    }

    /// @dev The handler itself asserts around every step that the constant product per share does not fall. Books that are
    /// wrong once stay wrong, so looking through all of them after every hundredth step, and at the end, misses nothing.
    function invariant_booksAreRight() public view {
        if (_market.steps() % 100 == 0) _assertBooksAreRight();
    }

    function _assertBooksAreRight() private view {
        _assertSharesAreBacked();
        _assertTotalIsAllPositionsAndTheLockedMinimum();
        _assertBalancesAreReservesAndFeesAndDonations();
        _assertFeesAddUp();
    }

    /// @dev Whatever is paused or deactivated at the end of a run: each one who leaves gets their share to the unit.
    function afterInvariant() public {
        _assertBooksAreRight();
        bytes32[3] memory pools = _market.everyPool();
        for (uint256 i = 0; i < pools.length; ++i) {
            for (uint256 j = 0; j < ACTORS; ++j) _leave(pools[i], _market.actorOf(j));
        }
    }

    /// @dev The sequences are worth something only where their steps go through.
    function test_everyKindOfStep_goesThrough() public {
        // Which token of the first pool is the lower one follows from the code that their addresses are made of.
        bool isDearLower = _market.reservesOf(_market.everyPool()[0]).tokenA == _market.everyToken()[0];
        (uint256 dear, uint256 plain) = (10 << 8, (10 ** 22) << 8);
        _market.addLiquidity(1, 0, isDearLower ? dear : plain, isDearLower ? plain : dear);
        _market.swap(2, 1, true, (10 ** 18) << 8);
        _market.swapAlongARoute(3, 2, false, (10 ** 18) << 8);
        _market.swapAlongARoute(3, 0, true, (10 ** 3) << 8);
        _market.removeLiquidity(0, 1, (10 ** 20) << 8);
        assertEq(_market.succeeded(), 5, 'steps that went through');
        _market.pauseOrUnpause(0);
        _market.swap(2, 1, true, (10 ** 18) << 8);
        _market.removeLiquidity(0, 1, (10 ** 20) << 8);
        assertEq(_market.succeeded(), 6, 'while paused, only leaving goes through');
        _market.waitFor(7 days);
        _market.waitFor(7 days);
        _market.swap(2, 1, true, (10 ** 18) << 8);
        assertEq(_market.succeeded(), 7, 'a pause ends by itself');
    }

    function _assertSharesAreBacked() private view {
        bytes32[3] memory pools = _market.everyPool();
        for (uint256 i = 0; i < pools.length; ++i) {
            MarketHandler.Reserves memory pool = _market.reservesOf(pools[i]);
            assertTrue(pool.reserveA > 0 && pool.reserveB > 0, 'no reserve is ever emptied');
            assertLe(pool.total * pool.total, pool.reserveA * pool.reserveB, 'shares are backed');
        }
    }

    function _assertTotalIsAllPositionsAndTheLockedMinimum() private view {
        bytes32[3] memory pools = _market.everyPool();
        for (uint256 i = 0; i < pools.length; ++i) {
            uint256 sum = ABPool.MINIMUM_LIQUIDITY;
            for (uint256 j = 0; j < ACTORS; ++j) sum += _manager.liquidityOf(pools[i], _market.actorOf(j));
            assertEq(_market.reservesOf(pools[i]).total, sum, 'total liquidity');
        }
    }

    function _assertBalancesAreReservesAndFeesAndDonations() private view {
        address[3] memory tokens = _market.everyToken();
        bytes32[3] memory pools = _market.everyPool();
        for (uint256 i = 0; i < tokens.length; ++i) {
            uint256 sum = _manager.protocolFeesOf(tokens[i]) + _market.donated(tokens[i]);
            for (uint256 j = 0; j < pools.length; ++j) {
                MarketHandler.Reserves memory pool = _market.reservesOf(pools[j]);
                if (pool.tokenA == tokens[i]) sum += pool.reserveA;
                if (pool.tokenB == tokens[i]) sum += pool.reserveB;
            }
            assertEq(IERC20(tokens[i]).balanceOf(address(_manager)), sum, 'balance');
        }
    }

    function _assertFeesAddUp() private view {
        address[3] memory tokens = _market.everyToken();
        for (uint256 i = 0; i < tokens.length; ++i) {
            assertEq(
                _manager.protocolFeesOf(tokens[i]) + _market.feesCollected(tokens[i]),
                _market.feesTaken(tokens[i]),
                'fees'
            );
        }
    }

    function _leave(bytes32 poolId, address actor) private {
        uint256 held = _manager.liquidityOf(poolId, actor);
        MarketHandler.Reserves memory pool = _market.reservesOf(poolId);
        if (held * pool.reserveA < pool.total && held * pool.reserveB < pool.total) return;
        vm.prank(actor);
        (uint256 amountA, uint256 amountB) = _manager.removeLiquidity(poolId, held, 0, 0, type(uint256).max);
        assertEq(amountA, (held * pool.reserveA) / pool.total, 'share of A');
        assertEq(amountB, (held * pool.reserveB) / pool.total, 'share of B');
    }
}
