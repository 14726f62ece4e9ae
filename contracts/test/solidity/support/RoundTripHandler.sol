// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC20} from '@openzeppelin/contracts/token/ERC20/IERC20.sol';
import {Market} from './Market.sol';

/// @title One person does several things to one pool in a row and ends where they began
/// @dev Between the trips others trade and change the fees, so that the trips begin in ever new states.
contract RoundTripHandler is Market {
    struct Holding {
        uint256 amountA;
        uint256 amountB;
        uint256 liquidity;
    }

    struct Place {
        address actor;
        bytes32 poolId;
        address tokenA;
        address tokenB;
    }

    uint256 private constant STEPS_MAX = 5;

    /// @notice How many trips ended where they began, and how many steps of theirs went through.
    uint256 public trips;
    uint256 public tripSteps;

    constructor() {
        openMarket();
    }

    /// @dev Whoever has as much liquidity as before has not more of one token without having less of the other.
    function roundTrip(uint256 actorSeed, uint256 poolSeed, uint256 steps, uint256 seed) external {
        Place memory place = _placeOf(actorSeed, poolSeed);
        Holding memory first = _holding(place);
        steps = 1 + (steps % STEPS_MAX);
        for (uint256 i = 0; i < steps; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            _anyStep(place, first, seed);
        }
        _comeBack(place, first);
        Holding memory last = _holding(place);
        if (last.liquidity != first.liquidity) return;
        ++trips;
        bool hasLost = last.amountA < first.amountA || last.amountB < first.amountB;
        bool hasGained = last.amountA > first.amountA || last.amountB > first.amountB;
        assertTrue(hasLost || !hasGained, 'more out than in');
    }

    /// @dev Somebody else's business, which moves the price and grows the pool.
    function trade(uint256 actorSeed, uint256 poolSeed, bool fromA, uint256 amount) external {
        Place memory place = _placeOf(actorSeed, poolSeed);
        if (amount % 4 == 0) _add(place, amount, amount >> 64);
        else _swap(place, fromA, amount);
    }

    function setFees(uint256 swapFee, uint256 protocolFee) external {
        swapFee = bound(swapFee, 0, 300);
        vm.startPrank(owner);
        manager.setProtocolFee(0);
        manager.setSwapFee(swapFee);
        manager.setProtocolFee(bound(protocolFee, 0, swapFee / 2));
        vm.stopPrank();
    }

    function _anyStep(Place memory place, Holding memory first, uint256 seed) private {
        uint256 kind = seed % 4;
        if (kind == 0) return _add(place, seed >> 8, seed >> 72);
        if (kind < 3) return _swap(place, kind == 1, seed >> 8);
        uint256 liquidity = manager.liquidityOf(place.poolId, place.actor);
        if (liquidity > first.liquidity) {
            _remove(place, boundLog(seed >> 8, 1, liquidity - first.liquidity));
        }
    }

    /// @dev Takes out what was put in, and sells or buys back what the actor has more or less of.
    function _comeBack(Place memory place, Holding memory first) private {
        Holding memory now_ = _holding(place);
        if (now_.liquidity > first.liquidity) _remove(place, now_.liquidity - first.liquidity);
        now_ = _holding(place);
        if (now_.amountA > first.amountA) _sell(place, true, now_.amountA - first.amountA);
        else if (now_.amountA < first.amountA) _buyA(place, first.amountA - now_.amountA);
    }

    function _add(Place memory place, uint256 seedA, uint256 seedB) private {
        Holding memory held = _holding(place);
        if (held.amountA == 0 || held.amountB == 0) return;
        uint256 amountA = boundLog(seedA, 1, held.amountA);
        uint256 amountB = boundLog(seedB, 1, held.amountB);
        vm.prank(place.actor);
        try manager.addLiquidity(place.poolId, amountA, amountB, 0, 0, NO_DEADLINE) {
            ++tripSteps;
        } catch {}
    }

    function _remove(Place memory place, uint256 liquidity) private {
        vm.prank(place.actor);
        try manager.removeLiquidity(place.poolId, liquidity, 0, 0, NO_DEADLINE) {
            ++tripSteps;
        } catch {}
    }

    function _swap(Place memory place, bool fromA, uint256 seed) private {
        uint256 held = IERC20(fromA ? place.tokenA : place.tokenB).balanceOf(place.actor);
        if (held != 0) _sell(place, fromA, boundLog(seed, 1, held));
    }

    function _sell(Place memory place, bool fromA, uint256 amountIn) private {
        vm.prank(place.actor);
        try manager.swap(place.poolId, fromA ? place.tokenA : place.tokenB, amountIn, 0, NO_DEADLINE) {
            ++tripSteps;
        } catch {}
    }

    function _buyA(Place memory place, uint256 amountOut) private {
        address[] memory route = new address[](2);
        (route[0], route[1]) = (place.tokenB, place.tokenA);
        vm.prank(place.actor);
        try router.swapExactOutput(route, amountOut, type(uint256).max, NO_DEADLINE, noPermits) {
            ++tripSteps;
        } catch {}
    }

    function _placeOf(uint256 actorSeed, uint256 poolSeed) private view returns (Place memory place) {
        (place.actor, place.poolId) = (actorOf(actorSeed), pools[poolSeed % 3]);
        (place.tokenA, place.tokenB, , , ) = manager.getPool(place.poolId);
    }

    function _holding(Place memory place) private view returns (Holding memory) {
        return
            Holding(
                IERC20(place.tokenA).balanceOf(place.actor),
                IERC20(place.tokenB).balanceOf(place.actor),
                manager.liquidityOf(place.poolId, place.actor)
            );
    }
}
